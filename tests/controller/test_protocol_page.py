"""docs/protocol.md against the table. `python -m tests.controller.test_protocol_page` writes its tables anew."""

from __future__ import annotations

import re
from pathlib import Path

from live_remote_script import protocol

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"


def commands_table() -> str:
    lines = ["| command | arguments | reply | |", "|---|---|---|---|"]
    for command in protocol.COMMANDS:
        reply = names(command.reply) + (f"; a row: {names(command.rows)}" if command.rows else "")
        marks = " k" * command.keyed + " *" * command.writes
        lines.append(f"| `{command.name}`{marks} | {names(command.request)} | {reply} | {command.doc} |")
    return "\n".join(lines)


def steps_table() -> str:
    lines = ["| step | arguments | |", "|---|---|---|"]
    lines += [f"| `{step.name}` | {names(step.request)} | {step.doc} |" for step in protocol.STEPS]
    return "\n".join(lines)


def errors_table() -> str:
    return "\n".join(
        ["| code | meaning |", "|---|---|", *(f"| `{code}` | {doc} |" for code, doc in protocol.ERRORS.items())]
    )


def names(fields: tuple[protocol.Field, ...]) -> str:
    return ", ".join(f"{field.name} ({field.kind})" for field in fields)


def with_tables(page: str) -> str:
    for name, table in (("commands", commands_table()), ("steps", steps_table()), ("errors", errors_table())):
        pattern = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        assert pattern.search(page), name
        page = pattern.sub(lambda found, table=table: f"{found[1]}{table}\n{found[2]}", page)  # type: ignore[misc]
    return page


def test_the_page_has_every_command_and_error_as_the_table_has_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page)


def test_the_page_has_the_messages_and_the_port() -> None:
    page = PAGE.read_text(encoding="utf-8")
    messages = (protocol.OK, protocol.ERROR, protocol.PENDING, protocol.PROGRESS, protocol.PART, protocol.CHANGED)
    for text in (*messages, protocol.DEFAULT_HOST, str(protocol.DEFAULT_PORT), str(protocol.MOST_REQUEST_BYTES)):
        assert text in page


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
