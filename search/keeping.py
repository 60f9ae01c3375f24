"""Going on from a set that stands: what of it has to go, what stays as it is, and what is still missing in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from embedding.errors import BadOption
from search.arrangement import Arrangement, Clip, Track
from search.editing import insert, role_of_track
from search.locks import NO_LOCKS
from search.matching import Matcher, Query
from search.options import role_of
from search.planner import Planner
from search.rules import Rulebook, Rules, Selection


@dataclass(frozen=True)
class Names:
    """By path: instruments of the library's samples, and roles of those that may be placed."""

    instruments: Mapping[str, str]
    roles: Mapping[str, str]

    def of(self, track: Track, clip: Clip) -> tuple[str, str]:
        """Instrument and role of what a clip plays; where the role is not known, it is that of its track."""
        return self.instruments.get(clip.sample, ""), self.roles.get(clip.sample) or role_of_track(track)


def going_on(planner: Planner, standing: Arrangement, asked_for: bool) -> tuple[Planner, Arrangement | None]:
    """A planner that holds what is to be kept, and the set from which it goes on: `standing` without what is forbidden
    and with a clip of each sample that must be used. None: from an empty one, as `standing` is worse than a first
    sketch, and neither `asked_for` nor anything of it kept, nor has the user locked anything.

    Clips that the user holds stay, whatever the rules say of them.

    BadOption where nothing stands that could be kept, or where a sample that must be used does not fit anywhere.
    """
    matcher = planner.matcher
    rules = matcher.book.rules
    if rules.kept_spans and not standing.clip_count:
        raise BadOption("--keep A:B: nothing stands yet that could be kept; give --from FILE, or --stage live")
    names = Names({sample.path: sample.instrument for sample in planner.library}, planner.roles)
    left = _without_forbidden(standing, matcher, names)
    locks = matcher.book.locks
    held = frozenset(
        clip
        for track, clip in left.clips()
        if any(span.sounds(clip) for span in rules.kept_spans)
        or any(kept.holds(clip.sample, *names.of(track, clip)) for kept in rules.keep)
    )
    missing = [
        kept
        for kept in rules.keep
        if not any(kept.holds(clip.sample, *names.of(track, clip)) for track, clip in left.clips())
    ]
    root = left if asked_for or held or locks != NO_LOCKS else planner.worth_keeping(left)
    if not (held or missing):
        return planner, root
    for kept in missing:
        root, planted = _planted(root or Arrangement(planner.tempo_bpm), matcher, kept)
        held |= {planted}
    return planner.with_book(replace(matcher.book, kept=held)), root


def _without_forbidden(standing: Arrangement, matcher: Matcher, names: Names) -> Arrangement:
    """Without clips of forbidden samples; clips that sound in a forbidden span end before it, or go. Not those that the
    user holds."""
    rules, users = matcher.book.rules, matcher.book.locks.held
    silences = Rulebook(Rules(forbidden_spans=rules.forbidden_spans))
    tracks = []
    for track in standing.tracks:
        clips = []
        for clip in track.clips:
            if clip in users:
                clips.append(clip)
                continue
            room = silences.room_seconds(standing, clip)
            shorter = clip if room >= clip.length_seconds else matcher.cut(clip, room)
            allowed = rules.allows_sample(clip.sample, *names.of(track, clip))
            if shorter is not None and allowed and clip.sample not in matcher.atoms.barred:
                clips.append(shorter)
        tracks.append(replace(track, clips=tuple(clips)))
    return replace(standing, tracks=tuple(tracks))


def _planted(arrangement: Arrangement, matcher: Matcher, kept: Selection) -> tuple[Arrangement, Clip]:
    """The arrangement with one clip more, the best of the samples that `kept` holds."""
    atoms = matcher.atoms
    wanted = [
        kept.holds(sample.path, sample.instrument, role)
        for sample, role in zip(atoms.samples, atoms.roles, strict=True)
    ]
    some = replace(matcher, atoms=atoms.of_samples(wanted))
    ranked = some.propose([Query(arrangement, moment, 1) for moment in range(len(matcher.moments_seconds))])
    for proposal in sorted((best[0] for best in ranked if best), reverse=True):
        after = insert(arrangement, proposal.clip, role_of(some, proposal), matcher.book)
        if after is not None:
            return after, proposal.clip
    names = sorted(kept.names) or sorted(kept.paths)
    raise BadOption(f"--keep: no clip of {', '.join(names):.200} fits anywhere under the other rules; loosen them")
