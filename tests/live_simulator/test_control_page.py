"""docs/simulated-live.md against the actions. `python -m tests.live_simulator.test_control_page` writes its table."""

from __future__ import annotations

import re
from pathlib import Path

from live_simulator.user import ACTIONS

PAGE = Path(__file__).parents[2] / "docs" / "simulated-live.md"
PLACE = re.compile(r"(<!-- actions: .*? -->\n).*?(<!-- end of actions -->)", re.DOTALL)


def with_table(page: str) -> str:
    lines = ["| action | arguments |", "|---|---|"]
    for name, action in ACTIONS.items():
        takes = ", ".join(f"{argument} ({kind.__name__})" for argument, kind in action.takes.items())
        lines.append(f"| `{name}` | {takes} |")
    assert PLACE.search(page)
    return PLACE.sub(lambda found: f"{found[1]}{chr(10).join(lines)}\n{found[2]}", page)


def test_the_page_has_every_action_of_the_user() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_table(page)


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
