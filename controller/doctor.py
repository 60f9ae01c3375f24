"""`jacqueesbot doctor`: what works here, and the mend for what does not.

Nothing is changed, but for what --live tries in an open set without clips, and takes back.

What was asked for, by installing or in config.yaml, and does not work is bad. What is only not set up is a note, and
ok: a computer without Live, loopback or audio device makes covers all the same, and nobody has to mend what he does not
want.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from controller.checks import Check, bad, fine
from controller.progress import Progress
from controller.system_checks import (
    cache_check,
    decoder_check,
    disk_check,
    disk_folders,
    packages_check,
    python_check,
    weights_check,
)

MOST_COLUMNS = 100
FEWEST_COLUMNS = 60
MARK_COLUMNS, NAME_COLUMNS = 6, 17


def examine(config: Path | None, live: bool, progress: Progress) -> list[Check]:
    """All checks, in the order in which to mend. `config` as given with --config; `live`: probe an open Live, too, and
    write the report of that into the current folder."""
    installed = [python_check(), packages_check()]
    return installed + (_others(config, live, progress) if all(check.ok for check in installed) else [])


def lines(checks: Sequence[Check], columns: int) -> Iterator[str]:
    """For a terminal of so many columns: one line or more for each check, and at the end how many are what."""
    hanging = " " * (MARK_COLUMNS + NAME_COLUMNS)
    for check in checks:
        head = f"{check.mark:{MARK_COLUMNS}}{check.name:{NAME_COLUMNS}}"
        yield from _wrapped(check.found, head, hanging, columns)
        if check.mend:
            yield from _wrapped(check.mend, f"{hanging}-> ", f"{hanging}   ", columns)
    yield from _wrapped(_summary(checks), "", "", columns)


def _others(config: Path | None, live: bool, progress: Progress) -> list[Check]:
    """Imported here, as these need the packages that were looked for first."""
    from controller.capture.checks import audio_checks
    from controller.config import find_config, load_settings, packaged_file, user_file
    from controller.library_check import library_check
    from controller.live_checks import live_checks, probed_live, script_checks
    from controller.port_checks import port_checks
    from controller.user_library import this_computer
    from embedding.errors import JacqueesError

    try:
        file = find_config(config)
        settings = load_settings(file)
    except JacqueesError as why:
        return [bad("config", str(why), "Correct that line, or start without --config.")]
    told = f"{file.absolute()}" + (f"; one of your own would be {user_file()}" if file == packaged_file() else "")
    found = [fine("config", told), weights_check(settings), decoder_check()]
    found += [cache_check(settings), disk_check(disk_folders(settings)), library_check(settings, progress)]
    found += [*audio_checks(settings), *port_checks(settings.osc), *script_checks(settings, this_computer())]
    found += live_checks(settings, is_wanted=live or settings.stage.kind == "live")
    if live:
        found.append(probed_live(settings, Path.cwd(), progress))
    return found


def _summary(checks: Sequence[Check]) -> str:
    wrong = [check.name for check in checks if check.mark == "BAD"]
    notes = sum(check.mark == "note" for check in checks)
    beside = f"{notes} of {len(checks)} are notes: what they name is not set up, which matters only if you want it."
    if wrong:
        return f"{len(wrong)} of {len(checks)} checks found something bad; mend it in this order: {', '.join(wrong)}."
    return f"All that was asked for works. {beside if notes else ''}".rstrip()


def _wrapped(text: str, head: str, hanging: str, columns: int) -> list[str]:
    width = min(MOST_COLUMNS, max(FEWEST_COLUMNS, columns))
    return textwrap.wrap(
        text,
        width,
        initial_indent=head,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
