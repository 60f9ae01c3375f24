"""OSC address patterns. Source: "The Open Sound Control 1.0 Specification", on message dispatching."""

from __future__ import annotations

PATTERN_CHARACTERS = frozenset("?*[]{}")


def is_pattern(part: str) -> bool:
    return not PATTERN_CHARACTERS.isdisjoint(part)


def matches(pattern: str, name: str) -> bool:
    """Whether `pattern`, a part of an address pattern between slashes, matches all of `name`.

    ? is any character, * any characters, [a-c] one of these, [!a-c] one that is not, {one,two} any of these words.
    Brackets that are not closed match nothing. The time it takes grows with the lengths alone, whatever the pattern.
    """
    reached = {0}
    at = 0
    while at < len(pattern) and reached:
        character, at = pattern[at], at + 1
        if character == "*":
            reached = set(range(min(reached), len(name) + 1))
        elif character in "[{":
            end = pattern.find("]" if character == "[" else "}", at)
            if end < 0:
                return False
            inside, at = pattern[at:end], end + 1
            reached = _behind_set(inside, name, reached) if character == "[" else _behind_words(inside, name, reached)
        else:
            reached = {place + 1 for place in reached if name[place : place + 1] and character in ("?", name[place])}
    return len(name) in reached


def _behind_words(inside: str, name: str, reached: set[int]) -> set[int]:
    words = set(inside.split(","))
    return {place + len(word) for place in reached for word in words if name.startswith(word, place)}


def _behind_set(inside: str, name: str, reached: set[int]) -> set[int]:
    wanted = not inside.startswith("!")
    listed = inside if wanted else inside[1:]
    return {place + 1 for place in reached if place < len(name) and _is_listed(name[place], listed) is wanted}


def _is_listed(character: str, listed: str) -> bool:
    """In `listed`, where a minus between two characters stands for all from one to the other."""
    at = 0
    while at < len(listed):
        if listed[at + 1 : at + 2] == "-" and at + 2 < len(listed):
            if listed[at] <= character <= listed[at + 2]:
                return True
            at += 3
        else:
            if listed[at] == character:
                return True
            at += 1
    return False
