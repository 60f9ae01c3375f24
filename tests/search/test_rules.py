"""The rules: no edit breaks one, whatever is tried, and a search under tight rules ends within all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import phrase
from planner_case import SIX, clip, clips_within, one_clip_per_track, planner_of, rendered

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray, db_to_gain
from search.arrangement import Arrangement, Clip
from search.audibility import lowest_gains
from search.contract import Limit
from search.editing import exchange, insert, without_quiet
from search.planner import POLICIES
from search.rendering import VoiceBank
from search.rules import Rulebook, Rules, Selection, Span, within

SECONDS = 4.0
BANK = VoiceBank(SIX.sounds)
TARGET = phrase(SECONDS, seed=5)
ROLES = st.sampled_from(["Kick", "Bass", "Lead"])

TIGHT = Rules(
    most_tracks=3,
    most_at_once=2,
    most_per_second=3,
    most_of_a_sample=2,
    shortest_seconds=0.2,
    quietest_db=-18.0,
    transpositions=(-12, 0, 7),
    forbidden=Selection(frozenset({"/snare"})),
    forbidden_spans=(Span(1.0, 1.5), Span(3.0, 3.2)),
)
FREE = Rules(quietest_db=-np.inf)
ALONE = {
    name: replace(FREE, **{name: getattr(TIGHT, name)})
    for name in vars(TIGHT)
    if getattr(TIGHT, name) != getattr(FREE, name)
}


def book_of(rules: Rules) -> Rulebook:
    return Rulebook(rules, lowest_gains(BANK, TARGET, rules.quietest_db))


def broken(arrangement: Arrangement, rules: Rules, target: FloatArray = TARGET) -> list[str]:
    """The rules that an arrangement breaks, found the plain way."""
    clips = sorted(one for _, one in arrangement.clips())
    found = []
    if len(arrangement.tracks) > rules.most_tracks:
        found.append("tracks")
    for at in [one.start_seconds for one in clips]:
        sounding = [one for one in clips if one.start_seconds <= at + 1e-6 and one.end_seconds > at + 1e-6]
        if rules.most_at_once is not None and len(sounding) > rules.most_at_once:
            found.append("at once")
        starting = [one for one in clips if at <= one.start_seconds < at + 1.0 - 1e-6]
        if rules.most_per_second is not None and len(starting) > rules.most_per_second:
            found.append("per second")
    most_used = max(Counter(one.sample for one in clips).values(), default=0)
    if rules.most_of_a_sample is not None and most_used > rules.most_of_a_sample:
        found.append("of a sample")
    for track, one in arrangement.clips():
        if one.length_seconds < rules.shortest_seconds - 1e-9:
            found.append("length")
        if one.transpose_semitones not in rules.transpositions:
            found.append("transposition")
        if rules.forbidden.holds(one.sample):
            found.append("sample")
        for span in rules.closed_spans:
            if one.start_seconds < span.end_seconds - 1e-6 and one.end_seconds > span.begin_seconds + 1e-6:
                found.append("span")
        if level_db(one, track.volume_db) < target_db(one, target) + rules.quietest_db - 1e-6:
            found.append("quiet")
    return found


def level_db(one: Clip, volume_db: float) -> float:
    return loudest_db(BANK.sound_of(one) * np.float32(db_to_gain(one.gain_db + volume_db)))


def target_db(one: Clip, target: FloatArray) -> float:
    first, behind = (round(seconds * SAMPLE_RATE_HZ) for seconds in (one.start_seconds, one.end_seconds))
    block = SAMPLE_RATE_HZ // 20
    return loudest_db(target[first - first % block : behind + -behind % block])


def loudest_db(sound: FloatArray) -> float:
    """RMS of the loudest 50 ms."""
    block = round(SAMPLE_RATE_HZ * 0.05)
    parts = [sound[first : first + block] for first in range(0, sound.size, block)]
    powers = [float(np.square(part, dtype=np.float64).sum()) / block for part in parts]
    return 10.0 * float(np.log10(max(powers, default=0.0) or 1e-30))


@pytest.mark.parametrize("rules", [*ALONE.values(), TIGHT], ids=[*ALONE, "all together"])
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(clips_within(SECONDS), ROLES), min_size=1, max_size=25), st.data())
def test_no_insert_or_exchange_breaks_a_rule(
    rules: Rules, inserts: list[tuple[Clip, str]], data: st.DataObject
) -> None:
    book = book_of(rules)
    allowed = replace(rules, forbidden=Selection())  # forbidden samples never become candidates
    arrangement = Arrangement()
    for new, role in inserts:
        arrangement = insert(arrangement, new, role, book) or arrangement
        assert broken(arrangement, allowed) == []
    placed = [(number, one) for number, track in enumerate(arrangement.tracks) for one in track.clips]
    for number, old in placed:
        arrangement = exchange(arrangement, number, old, data.draw(clips_within(SECONDS)), book) or arrangement
        assert broken(arrangement, allowed) == []


def test_limits_are_reached_not_only_kept() -> None:
    """What is refused is really too much: up to the limit all goes."""
    kicks = [clip("/kick", 0.25 * step, 0.25) for step in range(16)]
    for rules, wanted in (
        (Rules(most_per_second=4), 16),
        (Rules(most_per_second=2), 8),
        (Rules(most_of_a_sample=5), 5),
        (Rules(most_at_once=1), 16),
        (Rules(forbidden_spans=(Span(1.0, 2.0),)), 12),
        (Rules(shortest_seconds=0.25), 16),
        (Rules(shortest_seconds=0.26), 0),
    ):
        arrangement = Arrangement()
        for one in kicks:
            arrangement = insert(arrangement, one, "Kick", Rulebook(rules)) or arrangement
        assert arrangement.clip_count == wanted, rules


def test_what_stood_before_may_be_edited_but_not_made_worse() -> None:
    book = Rulebook(Rules(most_at_once=1, transpositions=(0,), most_of_a_sample=1))
    low, high = clip("/bass", 0.0, transpose_semitones=-7.0), clip("/bass", 0.2, 0.5)
    standing = one_clip_per_track(low, high)
    assert exchange(standing, 0, low, replace(low, gain_db=-3.0), book) is not None
    assert exchange(standing, 0, low, replace(low, length_seconds=0.15), book) is not None
    assert exchange(standing, 1, high, replace(high, length_seconds=0.6), book) is None
    assert exchange(standing, 1, high, replace(high, transpose_semitones=5.0), book) is None


def test_what_is_held_stays() -> None:
    kick = clip("/kick", 0.0)
    book = Rulebook(kept=frozenset({kick}))
    standing = one_clip_per_track(kick)
    assert exchange(standing, 0, kick, replace(kick, gain_db=-3.0), book) is None
    assert without_quiet(standing, replace(book, lowest_gain_db=lambda _: 0.5)) == standing


def test_a_clip_is_as_quiet_as_it_sounds_on_its_track() -> None:
    book = Rulebook(lowest_gain_db=lambda _: -10.0)
    track = replace(one_clip_per_track(clip("/kick", 1.0)).tracks[0], name="Kick", volume_db=-6.0)
    standing = Arrangement(tracks=(track,))
    there = insert(standing, clip("/kick", 0.0, gain_db=-3.0), "Kick", book)
    assert there is not None
    assert [len(one.clips) for one in there.tracks] == [2]
    elsewhere = insert(standing, clip("/kick", 0.0, gain_db=-8.0), "Kick", book)
    assert elsewhere is not None
    assert [len(one.clips) for one in elsewhere.tracks] == [1, 1]
    assert insert(standing, clip("/kick", 0.0, gain_db=-11.0), "Kick", book) is None
    assert without_quiet(there, book).clip_count == 2
    assert without_quiet(there, Rulebook(lowest_gain_db=lambda _: -7.0)).clip_count == 1


@pytest.mark.parametrize(
    ("policy", "rules"),
    [*(("mcts", rules) for rules in ALONE.values()), *((policy, TIGHT) for policy in POLICIES)],
    ids=[*ALONE, *(f"all together, {policy}" for policy in POLICIES)],
)
def test_a_search_ends_within_its_rules(policy: str, rules: Rules) -> None:
    planner = planner_of(TARGET, rules=rules)
    kept: list[Arrangement] = []
    found = planner.search(policy, Limit(simulations=50), 1, lambda better: kept.append(better.arrangement))
    assert found.arrangement.clip_count
    for arrangement in kept:
        assert broken(arrangement, rules) == []


def test_rules_leave_what_they_do_not_forbid() -> None:
    """With room for so few, what sounds most is what is taken."""
    true = one_clip_per_track(clip("/kick", 0.0), clip("/bass", 1.0), clip("/hat", 2.0, gain_db=-14.0))
    rules = Rules(most_of_a_sample=1, most_at_once=1, most_tracks=2, transpositions=(0,))
    planner = planner_of(rendered(true, 3.0), rules=rules)
    found = planner.search("mcts", Limit(simulations=150), 0, lambda better: None).arrangement
    assert {one.sample for _, one in found.clips()} >= {"/kick", "/bass"}


@pytest.mark.parametrize(
    ("selection", "left"),
    [
        (Selection(names=frozenset({"kick"})), {"/hat", "/snare", "/bass", "/pluck", "/lead"}),
        (Selection(frozenset({"/lead"}), frozenset({"bass", "hats"})), {"/kick", "/snare", "/pluck"}),
        (Selection(names=frozenset({"unpitched"})), set()),
    ],
)
def test_forbidden_and_only_are_opposites(selection: Selection, left: set[str]) -> None:
    used = {one.path for one in planner_of(TARGET, rules=Rules(forbidden=selection)).matcher.atoms.samples}
    assert used == left
    only = {one.path for one in planner_of(TARGET, rules=Rules(only=selection)).matcher.atoms.samples}
    assert only == set(SIX.sounds_by_path) - left


def test_samples_too_short_make_no_atoms() -> None:
    atoms = planner_of(TARGET, rules=Rules(shortest_seconds=0.5)).matcher.atoms
    assert {atoms.samples[index].path for index in atoms.sample_index} == {"/bass", "/pluck", "/lead"}
    assert (atoms.heard_seconds >= 0.5).all()


@pytest.mark.parametrize("allowed", [(0,), (7,), within(2), (-24, 24)])
def test_atoms_have_allowed_transpositions_only(allowed: tuple[int, ...]) -> None:
    atoms = planner_of(TARGET, rules=Rules(transpositions=allowed)).matcher.atoms
    assert set(atoms.semitones.tolist()) <= set(allowed)
    assert len(set(atoms.sample_index.tolist())) == len(SIX.sounds_by_path)
