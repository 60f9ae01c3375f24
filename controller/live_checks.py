"""What doctor checks of Live: is our script installed, does it know us, does it answer, can it place?"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from controller.checks import Check, bad, fine, note
from controller.config import Settings
from controller.install_script import SETTINGS, InstalledScript, installed_script, script_folder
from controller.live_probes import live_report, write_report
from controller.osc_client import ScriptClient
from controller.port_checks import script_port_check
from controller.progress import Progress
from controller.token import read_or_make_token, read_token, token_path
from controller.user_library import Computer, choose_user_library, has_live
from embedding.errors import BadConfig, JacqueesError, StageRefused
from live_remote_script.protocol import DEFAULT_HOST, PROTOCOL_VERSION, SCRIPT_VERSION

PATIENCE_SECONDS = 6.0
"""A Live that is busy for longer is reported as one that does not answer."""
CLOSED_PORT_SECONDS = 1.0
PROBE_PATIENCE_SECONDS = 60.0
"""Live may need long for its first look at a file."""
OPEN_IT = (
    "Open Live and choose JacqueesBot as a Control Surface: in Live 12 Settings, Tempo & MIDI (or Link, Tempo & MIDI), "
    "in Live 11 Preferences, Link Tempo MIDI."
)
AGAIN = "Run: jacqueesbot install-script, then start Live anew."


def script_checks(settings: Settings, computer: Computer) -> Iterator[Check]:
    """Of what install-script left; Live need not be open, nor our script be wanted there."""
    check, script = _script(computer)
    yield check
    if script is not None:
        yield _script_settings(script, settings)
    yield _token(token_path(settings.osc.token_file), is_needed=script is not None)


def _script(computer: Computer) -> tuple[Check, InstalledScript | None]:
    if not has_live(computer):
        found = "Live does not run on this system, the simulated Live does"
        mend = "Install it where Live runs, or into a User Library that you name: install-script --user-library DIR."
        return note("script", found, mend), None
    mend = "Run: jacqueesbot install-script (with --user-library DIR if you moved Live's User Library)."
    try:
        library, words = choose_user_library(None, computer)
    except (JacqueesError, OSError) as why:
        return note("script", str(why), mend), None
    try:
        script = installed_script(script_folder(library.folder))
    except (JacqueesError, OSError) as why:
        return bad("script", str(why), mend), None
    more = "".join(f"; {line}" for line in words)
    if script is None:
        return note("script", f"{script_folder(library.folder)}: not installed{more}", mend), None
    if script.version != SCRIPT_VERSION:
        found = f"{script.folder}: version {script.version or 'unknown'}, this is {SCRIPT_VERSION}{more}"
        return bad("script", found, AGAIN), script
    return fine("script", f"{script.version} in {script.folder}{more}"), script


def _script_settings(script: InstalledScript, settings: Settings) -> Check:
    """What the script in Live was told when it was installed; config.yaml may have changed since."""
    file = script.folder / SETTINGS
    wanted = {"port": settings.osc.script_port, "token_file": str(token_path(settings.osc.token_file))}
    try:
        written = json.loads(file.read_text(encoding="utf-8"))
        found = {key: written.get(key) for key in wanted}
    except (OSError, ValueError, AttributeError) as why:
        return bad("script settings", f"{file}: cannot be used ({why})", AGAIN)
    different = [
        f"{key} {found[key]!r}, in config.yaml {value!r}" for key, value in wanted.items() if found[key] != value
    ]
    if different:
        return bad("script settings", f"{file}: {'; '.join(different)}", AGAIN)
    return fine("script settings", f"port {found['port']}, token in {found['token_file']}")


def _token(file: Path, is_needed: bool) -> Check:
    mend = "Run: jacqueesbot install-script; it makes one where there is none, and closes one that others can read."
    try:
        read_token(file)
        rights = stat.S_IMODE(file.stat().st_mode)
    except FileNotFoundError:
        return (bad if is_needed else note)("token", f"{file}: not there", mend)
    except (OSError, JacqueesError) as why:
        return bad("token", str(why), mend)
    if os.name == "posix" and rights & 0o077:
        return bad("token", f"{file}: can be read by others (mode {rights:04o})", mend)
    return fine("token", str(file))


def live_checks(settings: Settings, is_wanted: bool) -> Iterator[Check]:
    """Of the script's port and of the Live that answers there. A Live that is not open is only wrong if `is_wanted`."""
    try:
        hello = ask_hello(settings)
    except JacqueesError as why:
        port = script_port_check(settings.osc.script_port, answers=False)
        yield port
        yield (bad if is_wanted or not port.ok else note)("live", str(why), OPEN_IT)
        return
    yield script_port_check(settings.osc.script_port, answers=True)
    yield _live(settings, hello)


def open_live(settings: Settings) -> Check:
    """Bad where none answers."""
    try:
        return _live(settings, ask_hello(settings))
    except JacqueesError as why:
        return bad("live", str(why), OPEN_IT)


def _live(settings: Settings, hello: Mapping[str, Any]) -> Check:
    at = f"{DEFAULT_HOST}:{settings.osc.script_port}"
    name = "simulated Live" if hello["simulated"] else "Live"
    found = f"{name} {hello['live_version']}{_edition(hello)} at {at}, script {hello['script_version']}"
    if hello["protocol_version"] != PROTOCOL_VERSION or hello["script_version"] != SCRIPT_VERSION:
        return bad("live", f"{found}, this is {SCRIPT_VERSION}", AGAIN)
    if not hello["can_place"]:
        return bad("live", f"{found}: cannot place clips", f"{hello['mend']}. Update Live.")
    try:
        token = read_token(token_path(settings.osc.token_file))
        with _script_client(settings, PATIENCE_SECONDS, token) as client:
            client.greet([])
    except (FileNotFoundError, BadConfig):
        return bad("live", f"{found}: there is no token to greet it with", AGAIN)
    except StageRefused as why:
        return bad("live", f"{found}: {why}", AGAIN)
    except (OSError, JacqueesError) as why:
        return bad("live", f"{found}: {why}", OPEN_IT)
    return fine("live", f"{found}: can place clips")


def probed_live(settings: Settings, folder: Path, progress: Progress) -> Check:
    """What nobody has told of a real Live yet, tried in the open one; the report of that goes into `folder`."""
    try:
        token = read_or_make_token(token_path(settings.osc.token_file))
        with _script_client(settings, PROBE_PATIENCE_SECONDS, token) as client:
            hello = client.greet([str(settings.samples_folder)])

            def ask(name: str, tone: str) -> str:
                (text,) = client.request("probe", name, tone).values()
                return str(text)

            report = live_report(hello, ask, settings.samples_folder, lambda *told: progress.show(*told))
        file = write_report(report, folder)
    except StageRefused as why:
        mend = "In Live open a new, empty set, let it stand, and run jacqueesbot doctor --live again."
        return bad("live probes", str(why), mend)
    except JacqueesError as why:
        return bad("live probes", str(why), OPEN_IT)
    except OSError as why:
        return bad("live probes", f"{why}: the report cannot be written", "Run it in a folder that you may write.")
    if report["lost"]:
        found = f"{file}: Live was lost at {report['lost']['at']} ({report['lost']['message']})"
        return bad("live probes", found, "Please send that file; if Live crashed, what its log says as well.")
    refused = [name for name, answer in report["probes"].items() if "refused" in answer]
    words = f"{len(report['probes']) - len(refused)} answers" + (f", refused: {', '.join(refused)}" if refused else "")
    return note("live probes", f"{file}: {words}", "Please answer the questions at its end, and send it.")


def ask_hello(settings: Settings) -> dict[str, Any]:
    """Which script and which Live answer. StageError where none does."""
    with _script_client(settings, PATIENCE_SECONDS) as client:
        return client.request("version")


def _script_client(settings: Settings, patience_seconds: float, token: bytes = b"") -> ScriptClient:
    return ScriptClient(
        port=settings.osc.script_port,
        token=token,
        patience_seconds=patience_seconds,
        closed_port_seconds=CLOSED_PORT_SECONDS,
    )


def _edition(hello: Mapping[str, Any]) -> str:
    edition = hello["live_variant"]
    return f" {edition}" if edition else ""
