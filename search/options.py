"""Which actions are worth trying at a cursor, and how promising each is: the search's priors."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from embedding.kernels import semitones_to_ratio
from search.actions import FINISH, HOLD, REFIT, Action, State
from search.arrangement import Arrangement, Clip
from search.contract import Option
from search.matching import HIGHEST_GAIN_DB, LOWEST_GAIN_DB, SHORTEST_SECONDS, Matcher, Proposal, Query

INSERT_SHARE, REPLACE_SHARE = 0.5, 0.2
HOLD_PRIOR, FINISH_PRIOR = 0.1, 0.002
HORIZON_MOMENTS = 2
AHEAD_MOMENTS = 6
REFIT_PRIOR = 0.06
REMOVE_PRIOR, GAIN_PRIOR, TRIM_PRIOR, TRANSPOSE_PRIOR = 0.05, 0.03, 0.04, 0.01
GAIN_STEPS_DB = (-4.0, -1.5, 1.5, 4.0)
TRANSPOSE_STEPS = (-12, -1, 1, 12)
TRIM_MOMENTS = 2
EARLY_SECONDS = 0.03
"""A clip belongs to a moment where it starts at most this long before: its attack lies behind its beginning."""


class Breadth(NamedTuple):
    """How many insertions at a moment, and how many clips in the place of another, are proposed."""

    inserts: int
    replacements: int


WIDE = Breadth(16, 4)


def breadth_of(simulations_per_move: int) -> Breadth:
    """As many as so few simulations may come to try."""
    return Breadth(min(WIDE.inserts, simulations_per_move + 2), min(WIDE.replacements, simulations_per_move // 4 + 1))


@dataclass(frozen=True, eq=False)
class Outlook:
    """Proposals for the moments from a root's cursor on: what the states below it choose from.

    `inserts` by moment; `instead` by clip: what could stand in its place.
    """

    arrangement: Arrangement
    inserts: dict[int, list[Proposal]]
    instead: dict[Clip, list[Proposal]]


def outlook(state: State, matcher: Matcher, breadth: Breadth = WIDE, before: Outlook | None = None) -> Outlook:
    """The outlook at `state`. Where the set is still that of the outlook `before`, its proposals are kept, and it looks
    further ahead at once, as the next moves will be there."""
    same = before is not None and before.arrangement is state.arrangement
    inserts = dict(before.inserts) if before and same else {}
    instead = dict(before.instead) if before and same else {}
    last = len(matcher.moments_seconds)
    if any(moment not in inserts for moment in range(state.cursor, min(last, state.cursor + HORIZON_MOMENTS))):
        ahead = range(state.cursor, min(last, state.cursor + (AHEAD_MOMENTS if same else HORIZON_MOMENTS)))
        _look(
            state.arrangement, [moment for moment in ahead if moment not in inserts], matcher, breadth, inserts, instead
        )
    return Outlook(state.arrangement, inserts, instead)


def _look(
    arrangement: Arrangement,
    moments: list[int],
    matcher: Matcher,
    breadth: Breadth,
    inserts: dict[int, list[Proposal]],
    instead: dict[Clip, list[Proposal]],
) -> None:
    """Adds the proposals for `moments`, all found at once."""
    clips = [
        (moment, (arrangement.tracks[track], clip))
        for moment in moments
        for track, clip in clips_at(arrangement, moment, matcher)
    ]
    queries = [Query(arrangement, moment, breadth.inserts) for moment in moments]
    queries += [Query(arrangement, moment, breadth.replacements + 1, without) for moment, without in clips]
    ranked = matcher.propose_soon(queries)
    inserts.update(zip(moments, ranked, strict=False))
    for (_, (_, clip)), proposals in zip(clips, ranked[len(moments) :], strict=True):
        instead[clip] = [p for p in proposals if _voice(p.clip) != _voice(clip)][: breadth.replacements]


def options(state: State, ahead: Outlook, matcher: Matcher) -> list[Option[Action]]:
    """Most promising first."""
    found = [Option(HOLD, HOLD_PRIOR), Option(FINISH, FINISH_PRIOR)]
    proposals = ahead.inserts.get(state.cursor, [])
    found += _shared(proposals, INSERT_SHARE, lambda p: Action("insert", p.clip, role_of(matcher, p)))
    clips = clips_at(state.arrangement, state.cursor, matcher)
    if clips:
        found.append(Option(REFIT, REFIT_PRIOR))
    for track, clip in clips:
        if clip in matcher.book.held:
            continue
        found += _shared(ahead.instead.get(clip, []), REPLACE_SHARE, partial(_replacing, track, clip))
        found.append(Option(Action("remove", None, "", track, clip), REMOVE_PRIOR))
        found += [Option(Action("gain", c, "", track, clip), GAIN_PRIOR) for c in _other_gains(clip)]
        found += [Option(Action("trim", c, "", track, clip), TRIM_PRIOR) for c in _other_lengths(clip, matcher)]
        found += [
            Option(Action("transpose", c, "", track, clip), TRANSPOSE_PRIOR) for c in _other_pitches(clip, matcher)
        ]
    return sorted(found, key=lambda option: -option.prior)


def role_of(matcher: Matcher, proposal: Proposal) -> str:
    return matcher.atoms.roles[int(matcher.atoms.sample_index[proposal.atom])]


def clips_at(arrangement: Arrangement, moment: int, matcher: Matcher) -> list[tuple[int, Clip]]:
    """(track number, clip) of the clips that start at the moment, before the next one."""
    moments = matcher.moments_seconds
    begin = moments[moment] - EARLY_SECONDS if moment else 0.0
    end = moments[moment + 1] - EARLY_SECONDS if moment + 1 < len(moments) else float("inf")
    found = []
    for number, track in enumerate(arrangement.tracks):
        at = bisect_left(track.clips, begin, key=lambda clip: clip.start_seconds)
        while at < len(track.clips) and track.clips[at].start_seconds < end:
            found.append((number, track.clips[at]))
            at += 1
    return found


def _shared(proposals: list[Proposal], share: float, action_of: Callable[[Proposal], Action]) -> list[Option[Action]]:
    """The proposals as options whose priors sum to `share`, in proportion to what they explain."""
    total = sum(proposal.explained for proposal in proposals)
    return [Option(action_of(proposal), share * proposal.explained / total) for proposal in proposals]


def _voice(clip: Clip) -> tuple[str, float, float]:
    return clip.sample, clip.offset_seconds, clip.transpose_semitones


def _replacing(track: int, old: Clip, proposal: Proposal) -> Action:
    return Action("replace", proposal.clip, "", track, old)


def _other_gains(clip: Clip) -> Iterator[Clip]:
    for step_db in GAIN_STEPS_DB:
        gain_db = round(min(HIGHEST_GAIN_DB, max(LOWEST_GAIN_DB, clip.gain_db + step_db)), 2)
        if gain_db != clip.gain_db:
            yield replace(clip, gain_db=gain_db)


def _other_lengths(clip: Clip, matcher: Matcher) -> Iterator[Clip]:
    """Ending where one of the last moments within the clip begins, and as long as the sample goes on."""
    moments = matcher.moments_seconds
    last = bisect_left(moments, clip.end_seconds - EARLY_SECONDS)
    for moment in range(last - 1, last - 1 - TRIM_MOMENTS, -1):
        if moment >= 0 and moments[moment] > clip.start_seconds + SHORTEST_SECONDS:
            shorter = matcher.shortened(clip, float(moments[moment]) - clip.start_seconds)
            if shorter is not None and shorter != clip:
                yield shorter
    longest = matcher.longest(clip)
    if longest.length_seconds > clip.length_seconds + SHORTEST_SECONDS:
        yield longest


def _other_pitches(clip: Clip, matcher: Matcher) -> Iterator[Clip]:
    for step in TRANSPOSE_STEPS:
        semitones = clip.transpose_semitones + step
        if semitones in matcher.book.rules.transpositions:
            ratio = semitones_to_ratio(step)
            repitched = replace(clip, transpose_semitones=semitones, length_seconds=clip.length_seconds / ratio)
            longest = matcher.longest(repitched).length_seconds
            yield replace(repitched, length_seconds=matcher.on_grid(min(longest, repitched.length_seconds)))
