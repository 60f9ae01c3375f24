"""The sketch: ever fuller arrangements that follow the proposals alone, without a look at the exact score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from search.arrangement import Arrangement, Clip
from search.editing import exchange, insert
from search.finding import Found
from search.gains import refitted
from search.levels import levelled
from search.matching import SHORTEST_SECONDS, Matcher, Proposal, Query
from search.options import role_of

ROUNDS = 12
SHOWN_AFTER = (0, 1, 2, 5, 8)
LEAST_SHARE = 0.02
"""A round takes what explains at least this share of what its best clip explains."""


def sketches(arrangement: Arrangement, matcher: Matcher, keep: frozenset[Clip] = frozenset()) -> Iterator[Arrangement]:
    """After some rounds, and at the end, the arrangement at its final level; last with its end left to ring."""
    for number in range(ROUNDS):
        before = arrangement
        for proposal in round_of(arrangement, matcher):
            arrangement = insert(arrangement, proposal.clip, role_of(matcher, proposal), matcher.book) or arrangement
        if arrangement is before:
            break
        if number:
            arrangement = refitted(arrangement, matcher)
        if number in SHOWN_AFTER:
            yield levelled_for(matcher, arrangement)
    whole = levelled_for(matcher, arrangement)
    yield whole
    yield ringing(whole, matcher)


def with_found(arrangement: Arrangement, found: Found, matcher: Matcher, roles: Mapping[str, str]) -> Arrangement:
    """The arrangement with the clips that the target was made of, as far as they fit; `roles` of their samples by
    path."""
    for clip in sorted(found.clips):
        arrangement = insert(arrangement, clip, roles[clip.sample], matcher.book) or arrangement
    return arrangement


def round_of(arrangement: Arrangement, matcher: Matcher) -> list[Proposal]:
    """The moments' best proposals that do not overlap one another, most explaining first."""
    ranked = matcher.propose([Query(arrangement, moment, 1) for moment in range(len(matcher.moments_seconds))])
    proposals = sorted((best[0] for best in ranked if best), reverse=True)
    taken: list[Proposal] = []
    for proposal in proposals:
        if proposal.explained < LEAST_SHARE * proposals[0].explained:
            break
        if not any(_overlap(proposal.clip, other.clip) for other in taken):
            taken.append(proposal)
    return taken


def ringing(arrangement: Arrangement, matcher: Matcher) -> Arrangement:
    """The arrangement with one clip lengthened, the one whose sample goes on furthest towards the target's end; itself
    where none would go beyond what ends last."""
    best, best_end = arrangement, arrangement.seconds + SHORTEST_SECONDS
    for number, track in enumerate(arrangement.tracks):
        for clip in track.clips:
            longer = matcher.longest(clip)
            if longer.end_seconds > best_end and (changed := exchange(arrangement, number, clip, longer, matcher.book)):
                best, best_end = changed, longer.end_seconds
    return best


def levelled_for(matcher: Matcher, arrangement: Arrangement) -> Arrangement:
    return levelled(arrangement, matcher.bank, matcher.target_loudness, matcher.target_mono.size, matcher.book)


def _overlap(one: Clip, other: Clip) -> bool:
    return one.start_seconds < other.end_seconds and other.start_seconds < one.end_seconds
