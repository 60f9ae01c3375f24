"""Every member of Live's that the script names is there in every version that it supports, as what it is used as.

docs/live-members.md is the table of them, written by `python -m tests.live_remote_script.test_members`. What Live has
is known from its own runtime dumps (tests/live_simulator/live_members.csv).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import live_remote_script
from tests.live_remote_script.live_uses import (
    C_INSTANCE,
    LIVE,
    OURS,
    TRACK_FIELDS,
    VARIABLES,
    Use,
    calls,
    find_member,
    is_method,
    unknown,
    uses,
)
from tests.live_remote_script.source_strings import Scope, parents_of

SUPPORTED = ("11.3.25", "11.3.43", "12.0.5", "12.1.0", "12.2.0", "12.3.0", "12.3.6", "12.4.6")
VERSIONS_MODULE = "live_versions"
"""The one that may name members that not every supported version has."""
PAGE = Path(__file__).parents[2] / "docs" / "live-members.md"
SOURCES = {
    file.stem: file.read_text(encoding="utf-8") for file in Path(live_remote_script.__file__).parent.glob("*.py")
}


def problems(sources: dict[str, str]) -> list[str]:
    """What the modules (name -> source) get wrong of Live's members in any supported version."""
    found = [f"{place}: {what}" for place, what in unknown(sources)]
    for use in sorted(uses(sources)):
        found += [f"{use.place}: {use.owner}.{use.name}: {what}" for what in _wrong(use)]
    for module, source in sources.items():
        if module != VERSIONS_MODULE:
            found += [f"{module}:{line}: {name!r}: not in every supported version" for line, name in _varying(source)]
    return found


def _wrong(use: Use) -> Iterator[str]:
    member = find_member(use.owner, use.name)
    there = [version for version in SUPPORTED if member and member.is_in(version)]
    if member is None or not there:
        yield "Live has no such member"
        return
    if use.tried:
        return
    if use.module != VERSIONS_MODULE and len(there) < len(SUPPORTED):
        yield f"not in Live {', '.join(sorted(set(SUPPORTED) - set(there)))}"
    is_callable = member.kind in ("method", "function", "class")
    if use.how != "get" and (use.how in ("call", "pass")) != is_callable:
        yield f"is a {member.kind}"
    elif is_callable and use.how == "call" and use.keywords and use.owner != "Base":
        yield "takes no keywords"
    for version in there:
        if is_callable and use.how in ("call", "pass"):
            counted = member if member.kind != "class" else find_member(f"{use.owner}.{use.name}", "__init__")
            least, most = counted.arguments(version) if counted else (0, 0)
            if not least <= use.arguments + len(use.keywords) <= most:
                yield f"takes {least} to {most} arguments in Live {version}, not {use.arguments}"
        if use.how == "write" and not member.is_settable(version):
            yield f"cannot be set in Live {version}"
        if use.how == "listen" and not member.listenable:
            yield "has no listeners"


def _varying(source: str) -> Iterator[tuple[int, str]]:
    """Names in the source, strings too, that Live's members have in some supported versions only."""
    tree = ast.parse(source)
    parents = parents_of(tree)
    asked = {name for call in calls(tree, "attempt") for name in Scope(parents, call).names(call.args[-1])}
    keys = {key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in C_INSTANCE:
            name: object = node.attr
        elif isinstance(node, ast.Constant) and node not in keys and node.value not in asked:
            name = node.value
        else:
            continue
        found = [members[name] for members in LIVE.values() if isinstance(name, str) and name and name in members]
        if found and not any(all(map(member.is_in, SUPPORTED)) for member in found):
            yield node.lineno, str(name)


def table() -> str:
    """Each member by version: there or not, and what a method returns where that differs."""
    used: dict[tuple[str, str], set[str]] = {}
    for use in uses(SOURCES):
        used.setdefault((use.owner, use.name), set()).add(word_for(use))
    lines = [f"| member | used | {' | '.join(SUPPORTED)} |", "|---|---|" + "---|" * len(SUPPORTED)]
    for (owner, name), words in sorted(used.items()):
        member = find_member(owner, name)
        assert member
        answers = [member.returned(version) if member.is_in(version) else "-" for version in SUPPORTED]
        there = {answer for answer in answers if answer != "-"}
        cells = [answer if answer == "-" else answer if len(there) > 1 else "yes" for answer in answers]
        lines.append(f"| `{owner}.{name}` | {', '.join(sorted(words))} | {' | '.join(cells)} |")
    return "\n".join(lines)


def word_for(use: Use) -> str:
    if use.tried:
        return "tried"
    if use.how in ("call", "pass") or is_method(use.owner, use.name):
        return "called"
    return {"read": "read", "get": "read", "write": "set", "listen": "listened to"}[use.how]


def with_table(page: str) -> str:
    pattern = re.compile(r"(<!-- members: .*? -->\n).*?(<!-- end of members -->)", re.DOTALL)
    assert pattern.search(page)
    return pattern.sub(lambda found: f"{found[1]}{table()}\n{found[2]}", page)


def test_every_member_that_the_script_names_is_there_in_every_supported_version() -> None:
    assert problems(SOURCES) == []


def test_the_page_has_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_table(page)


def test_members_that_some_versions_lack_are_named_in_one_module_alone() -> None:
    """And there are such, so that this is no empty rule."""
    partial = {(use.owner, use.name): use.module for use in uses(SOURCES) if not use.tried and _is_partial(use)}
    assert set(partial.values()) <= {VERSIONS_MODULE}
    assert ("Application.Application", "get_variant") in partial
    moved = {"reading": SOURCES[VERSIONS_MODULE]}
    assert [line for line in problems(moved) if "get_variant" in line]


def _is_partial(use: Use) -> bool:
    member = find_member(use.owner, use.name)
    return member is not None and not all(map(member.is_in, SUPPORTED))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("song.metronom = True", "Song.Song.metronom: Live has no such member"),
        ("clip.tempo", "Clip.Clip.tempo: Live has no such member"),
        ("clip.canonical_parent.canonical_parent.gain", "Track.Track.gain: Live has no such member"),
        ("song.tracks[0].mixer_device.volume.values", "DeviceParameter.DeviceParameter.values: Live has no such"),
        ("song.view.selected_tracks", "Song.Song.View.selected_tracks: Live has no such member"),
        ("Live.Base.Clock(10)", "Base.Clock: Live has no such member"),
        ("track.delete_clip(clip, 1)", "Track.Track.delete_clip: takes 1 to 1 arguments in Live 11.3.25, not 2"),
        ("track.create_audio_clip('/kick.wav')", "takes 2 to 2 arguments in Live 12.4.6, not 1"),
        ("track.create_audio_clip(path='/kick.wav', position=0.0)", "takes no keywords"),
        ("timed('it', track.delete_clip, clip, 1.0)", "Track.Track.delete_clip: takes 1 to 1 arguments"),
        ("track.arrangement_clips()", "Track.Track.arrangement_clips: is a property"),
        ("bool(clip.fire)", "Clip.Clip.fire: is a method"),
        ("x = song.start_playing", "Song.Song.start_playing: is a method"),
        ("track.create_midi_clip(0.0, 4.0)", "not in Live 11.3.25, 11.3.43, 12.0.5, 12.1.0"),
        ("read(track, 'take_lanes', None)", "not in Live 11.3.25, 11.3.43, 12.0.5, 12.1.0"),
        ("member = 'take_lanes'", "'take_lanes': not in every supported version"),
        ("song.last_event_time = 1.0", "Song.Song.last_event_time: cannot be set in Live 11.3.25"),
        ("cue.name = 'a'", "Song.CuePoint.name: cannot be set in Live 12.0.5"),
        ("borrowed.set(asker, 'what', song, 'is_counting_in', True)", "Song.Song.is_counting_in: cannot be set"),
        ("Listening(song, ('tempo', 'file_path'), heard)", "Song.Song.file_path: has no listeners"),
        ("for name in ('gain', 'loudness'): write(clip, name, 1.0)", "Clip.Clip.loudness: Live has no such member"),
        ("attempt(_ask, application, 'get_weather')", "Application.Application.get_weather: Live has no such"),
        ("stranger.gain", "is stranger one of Live's?"),
        ("stranger.gian", "stranger.gian: neither Live, nor the standard library, nor we have that"),
        ("self._c_instance.show_massage('a')", "neither Live, nor"),
    ],
)
def test_what_is_wrong_is_found(source: str, told: str) -> None:
    known = "class Wanted:\n    gain: float\n\n"
    found = problems({"made_up": f"{known}def step(song, track, clip, application, name):\n    {source}\n"})
    assert any(told in line for line in found), found


def test_names_that_cannot_be_known_are_not_passed_over() -> None:
    with pytest.raises(AssertionError, match="which members does"):
        problems({"made_up": "def step(song):\n    write(song, chosen(), 1.0)\n"})


def test_the_lists_of_expressions_have_nothing_that_the_script_has_not() -> None:
    nodes = [node for source in SOURCES.values() for node in ast.walk(ast.parse(source))]
    found = {ast.unparse(node) for node in nodes if isinstance(node, ast.expr)}
    found |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    assert [text for text in (*VARIABLES, *TRACK_FIELDS, *C_INSTANCE, *OURS) if text not in found] == []


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
