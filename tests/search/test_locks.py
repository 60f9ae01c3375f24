"""Locks: what the user places, moves and changes while a search goes on stays so, what he takes away stays away."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import phrase
from planner_case import SIX, Library, clip, clips_within, one_clip_per_track, planner_of, rendered
from test_response import decaying

from embedding.errors import BadAudio
from embedding.kernels import FloatArray
from search.arrangement import Arrangement, Clip, Track, arrangement_to_json
from search.contract import Limit
from search.copying import copied
from search.crew import crew_of
from search.editing import exchange, insert, with_track
from search.evaluator import Evaluation
from search.keeping import going_on
from search.locks import NO_LOCKS, Locks
from search.planner import POLICIES, Planner
from search.repetition import Repeat
from search.rules import Rulebook, Rules, Selection, Span
from search.waves import Task, merged

SECONDS = 6.0
TARGET = phrase(SECONDS, seed=4)
KICK = clip("/kick", 1.0)


def searched(
    planner: Planner, root: Arrangement | None, simulations: int = 60, policy: str = "mcts", seed: int = 0
) -> Arrangement:
    return planner.search(policy, Limit(simulations=simulations), seed, lambda better: None, root).arrangement


def clips(arrangement: Arrangement) -> set[Clip]:
    return {one for _, one in arrangement.clips()}


def as_text(arrangement: Arrangement) -> str:
    return json.dumps(arrangement_to_json(arrangement))


FOUND = searched(planner_of(TARGET), None, 200)


def edited(arrangement: Arrangement, rng: np.random.Generator, edits: int = 6) -> tuple[Arrangement, Locks]:
    """What a user may do in Live: delete, move (onto no grid, before 0 s, behind the end), retune, trim, turn down to
    nothing, add."""
    held: set[Clip] = set()
    gone: list[Clip] = []
    for _ in range(edits):
        number = int(rng.integers(len(arrangement.tracks)))
        track = arrangement.tracks[number]
        what = rng.choice(["delete", "move", "retune", "trim", "mute", "add"])
        old = track.clips[int(rng.integers(len(track.clips)))] if track.clips else None
        new: Clip | None = None
        if what == "add":
            new = Clip(float(rng.uniform(0, SECONDS)), str(rng.choice(list(SIX.sounds_by_path))), 0.0, 0.2, -3.3, 0.0)
        elif old is None:
            continue
        elif what == "move":
            new = replace(old, start_seconds=float(rng.uniform(-0.3, SECONDS + 0.5)))
        elif what == "retune":
            new = replace(old, transpose_semitones=old.transpose_semitones + 13.37)
        elif what == "trim":
            new = replace(old, length_seconds=old.length_seconds * 0.61)
        elif what == "mute":
            new = replace(old, gain_db=-42.9)
        left = tuple(one for one in track.clips if what == "add" or one != old)
        placed = left if new is None else tuple(sorted([*left, new]))
        try:
            arrangement = with_track(arrangement, number, replace(track, clips=placed))
        except ValueError:  # Live would have cut the other one
            continue
        held = (held | ({new} if new else set())) - ({old} if old and what != "add" else set())
        gone += [old] if what in ("delete", "move") and old else []
    return arrangement, Locks(frozenset(held), tuple(gone))


def is_back(one: Clip, gone: Clip) -> bool:
    return (
        one.sample == gone.sample
        and abs(one.start_seconds - gone.start_seconds) < 0.25 - 1e-6
        and one.start_seconds < gone.end_seconds - 1e-6
        and one.end_seconds > gone.start_seconds + 1e-6
    )


def fought(root: Arrangement, locks: Locks, after: Arrangement) -> list[str]:
    """Where a search that went on from `root` has not taken the user's edits as given."""
    found = []
    for track, one in root.clips():
        if one in locks.held and not any(one in now.clips for now in after.tracks if now.name == track.name):
            found.append(f"changed: {one}")
    stood = {one.place for _, one in root.clips()}
    for _, one in after.clips():
        if one.place not in stood and any(is_back(one, gone) for gone in locks.gone):
            found.append(f"back: {one}")
    return found


def broken(root: Arrangement, after: Arrangement, planner: Planner) -> list[Clip]:
    """Clips that the search has put there, and that break a rule."""
    book, last = planner.matcher.book, planner.matcher.target_seconds + planner.matcher.tail_seconds
    return [
        one
        for track, one in after.clips()
        if one not in clips(root)
        and one.place not in {other.place for _, other in root.clips()}
        and (
            one.start_seconds < 0.0
            or one.end_seconds > last + 1e-6
            or one.transpose_semitones not in book.rules.transpositions
            or book.is_too_quiet(one, track.volume_db)
        )
    ]


def test_locks_are_the_same_by_their_clips() -> None:
    one, other = clip("/kick", 0.0), clip("/hat", 1.0)
    assert Locks(frozenset({one}), (one, other)) == Locks(frozenset({one}), (other, one, one))
    assert hash(Locks(gone=(one, other))) == hash(Locks(gone=(other, one)))
    assert Locks(gone=(one,)) != Locks(held=frozenset({one}))
    assert Locks() == NO_LOCKS


@pytest.mark.parametrize("locks", [Locks(gone=(KICK,)), Locks(held=frozenset({KICK}))])
@pytest.mark.parametrize(
    ("one", "barred"),
    [
        (clip("/kick", 1.0, gain_db=-20.0), True),
        (clip("/kick", 1.2), True),
        (clip("/kick", 0.8), True),
        (clip("/kick", 1.0, transpose_semitones=5.0), True),
        (clip("/kick", 1.1, 0.05, offset_seconds=0.1), True),
        (clip("/kick", 1.25), False),
        (clip("/kick", 0.74), False),
        (clip("/kick", 0.9, 0.1), False),
        (clip("/snare", 1.0), False),
    ],
)
def test_a_sample_is_not_put_where_the_user_has_dealt_with_it(locks: Locks, one: Clip, barred: bool) -> None:
    assert locks.bars(one) is barred
    book = Rulebook(locks=locks)
    assert (insert(Arrangement(), one, "Kick", book) is None) is barred
    standing = one_clip_per_track(clip("/hat", 3.0))
    assert (exchange(standing, 0, clip("/hat", 3.0), one, book) is None) is barred


def test_what_stands_there_already_may_be_changed_and_go_but_not_move() -> None:
    near = clip("/kick", 1.1, 0.2)
    book, standing = Rulebook(locks=Locks(gone=(KICK,))), one_clip_per_track(near)
    louder = replace(near, gain_db=3.0)
    after = exchange(standing, 0, near, louder, book)
    assert after is not None
    assert exchange(standing, 0, near, replace(near, start_seconds=1.05), book) is None
    assert clips(merged(standing, standing, after, book)) == {louder}
    added = insert(standing, clip("/kick", 0.9), "Kick", Rulebook())
    assert added is not None
    assert merged(standing, standing, added, book) == standing


def test_copied_bars_do_not_bring_back_what_is_gone() -> None:
    planner = planner_of(TARGET)
    repeat = Repeat(3.0, 0.0, 2.0, 1.0)
    standing = one_clip_per_track(clip("/kick", 1.0), clip("/hat", 0.5))
    locked = planner.with_locks(Locks(gone=(clip("/kick", 4.1),)))
    for one, there in ((planner, {"/kick", "/hat"}), (locked, {"/hat"})):
        after = copied(standing, repeat, one.matcher)
        assert after is not None
        assert {c.sample for c in clips(after) - clips(standing)} == there


@settings(max_examples=100)
@given(
    st.lists(clips_within(4.0), max_size=4),
    st.lists(clips_within(4.0), max_size=20),
    st.lists(st.tuples(st.integers(0, 100), clips_within(4.0)), max_size=20),
)
def test_no_edit_fights_the_user(gone: list[Clip], inserts: list[Clip], exchanges: list[tuple[int, Clip]]) -> None:
    root = one_clip_per_track(clip("/lead", 0.3), clip("/kick", 2.0, 0.1))
    locks = Locks(clips(root) & {clip("/lead", 0.3)}, tuple(gone))  # type: ignore[arg-type]
    book, arrangement = Rulebook(locks=locks), root
    for one in inserts:
        arrangement = insert(arrangement, one, "Lead", book) or arrangement
        assert fought(root, locks, arrangement) == []
    for number, new in exchanges:
        places = [(n, one) for n, track in enumerate(arrangement.tracks) for one in track.clips]
        track_number, old = places[number % len(places)]
        arrangement = exchange(arrangement, track_number, old, new, book) or arrangement
        assert fought(root, locks, arrangement) == []


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("policy", POLICIES)
def test_a_search_takes_edits_as_given(policy: str, seed: int) -> None:
    """Several times, as a user goes on editing what the search makes of it."""
    rng = np.random.default_rng(seed)
    planner, root, locks = planner_of(TARGET), FOUND, NO_LOCKS
    for _ in range(3):
        root, new = edited(root, rng)
        locks = Locks((locks.held & clips(root)) | new.held, (*locks.gone, *new.gone))
        planner = planner.with_locks(locks)
        better: list[Evaluation] = []
        found = planner.search(policy, Limit(simulations=70), seed, better.append, root)
        for arrangement in (one.arrangement for one in (*better, found)):
            assert fought(root, locks, arrangement) == []
            assert broken(root, arrangement, planner) == []
        assert found.value >= planner.evaluator.from_scratch(root).value
        root = found.arrangement


def test_without_locks_what_was_deleted_comes_back() -> None:
    """The tests above would notice: most of what is deleted of a good arrangement is what the search would add."""
    root, locks = edited(FOUND, np.random.default_rng(5), 12)
    assert fought(root, locks, searched(planner_of(TARGET), root, 200))


def test_what_the_target_was_made_of_stays_away_once_it_is_deleted() -> None:
    true = one_clip_per_track(clip("/kick", 0.0), clip("/pluck", 0.7), clip("/snare", 1.6), clip("/bass", 2.7))
    snare = clip("/snare", 1.6)
    root = Arrangement(tracks=tuple(track for track in true.tracks if snare not in track.clips))
    locks = Locks(gone=(snare,))
    for policy in POLICIES:
        planner = planner_of(rendered(true, 3.6)).with_locks(locks)
        assert fought(root, locks, searched(planner, root, 40, policy)) == []
    assert snare.sample in {one.sample for one in clips(searched(planner_of(rendered(true, 3.6)), root, 40))}


def test_a_crew_obeys_locks_that_came_later() -> None:
    def found(processes: int) -> list[str]:
        planner, root, texts = planner_of(TARGET), FOUND, []
        rng = np.random.default_rng(1)
        with crew_of(planner, processes) as crew:
            for response in (decaying(300), decaying(300), decaying(2)):
                root, locks = edited(root, rng)
                planner = planner.with_response(response).with_locks(locks)
                limit = Limit(simulations=60)
                after = planner.search("mcts", limit, 3, lambda better: None, root, crew).arrangement
                assert fought(root, locks, after) == []
                root = after
                texts.append(as_text(root))
        return texts

    assert found(2) == found(1)


def test_a_task_is_worked_on_under_its_own_locks() -> None:
    base = planner_of(TARGET)
    locks = Locks(frozenset({FOUND.tracks[0].clips[0]}), (KICK, clip("/snare", 2.0)))
    tasks = [Task(FOUND, 0, 12, 4, 40, float("inf"), (1, 2, 3), locks=one) for one in (NO_LOCKS, locks, NO_LOCKS)]
    one = [as_text(base.work(task, lambda: False).arrangement) for task in tasks]
    assert one == [as_text(planner_of(TARGET).work(task, lambda: False).arrangement) for task in tasks]
    assert base.locks == NO_LOCKS


def test_locks_and_responses_combine_in_any_order_and_what_is_costly_is_shared() -> None:
    planner, locks, response = planner_of(TARGET), Locks(gone=(KICK,)), decaying(40)
    one, other = (
        planner.with_locks(locks).with_response(response),
        planner_of(TARGET).with_response(response).with_locks(locks),
    )
    for both in (one, planner.with_response(response).with_locks(locks)):
        assert (both.locks, both.evaluator.response) == (locks, response)
        assert both._gathered is planner._gathered
        assert both.matcher._norms is planner.matcher._norms
        assert both.matcher.target_fine is planner.matcher.target_fine
    assert as_text(searched(one, FOUND, 40)) == as_text(searched(other, FOUND, 40))
    assert planner.with_locks(NO_LOCKS) is planner
    assert planner.with_locks(locks).with_locks(Locks(gone=(KICK,))).locks == locks
    back = planner_of(TARGET).with_locks(locks).with_locks(NO_LOCKS)
    assert as_text(searched(back, FOUND, 40)) == as_text(searched(planner_of(TARGET), FOUND, 40))


def test_a_set_with_locks_is_gone_on_from_and_the_users_clips_stay_whatever_the_rules_say() -> None:
    poor = one_clip_per_track(clip("/lead", 0.3), clip("/snare", 2.1))
    planner = planner_of(TARGET)
    assert going_on(planner, poor, asked_for=False)[1] is None
    for locks in (Locks(held=frozenset({clip("/lead", 0.3)})), Locks(gone=(KICK,))):
        assert going_on(planner.with_locks(locks), poor, asked_for=False)[1] == poor
    strict = Rules(
        forbidden=Selection(frozenset({"/lead", "/snare"})),
        forbidden_spans=(Span(0.0, 1.0),),
        keep=(Selection(frozenset({"/hat"})),),
    )
    held = frozenset({clip("/lead", 0.3)})
    locked, root = going_on(planner_of(TARGET, rules=strict).with_locks(Locks(held)), poor, asked_for=False)
    assert root is not None
    assert clip("/lead", 0.3) in clips(root)
    assert clip("/snare", 2.1) not in clips(root)
    assert locked.matcher.book.held > held
    assert locked.with_locks(NO_LOCKS).matcher.book.held == locked.matcher.book.held - held


@pytest.mark.parametrize("policy", POLICIES)
def test_a_set_that_the_user_has_emptied_is_filled_with_other_things(policy: str) -> None:
    locks = Locks(gone=tuple(clips(FOUND)))
    empty = Arrangement(tracks=tuple(replace(track, clips=()) for track in FOUND.tracks))
    planner = planner_of(TARGET)
    searched(planner, FOUND, 20)
    found = searched(planner.with_locks(locks), empty, 60, policy)
    assert found.clip_count
    assert fought(empty, locks, found) == []


class Foreign(Library):
    """A library beside which one file can be read, and no other."""

    def sounds(self, path: str) -> tuple[FloatArray, int]:
        if path in self.sounds_by_path:
            return super().sounds(path)
        if path == "/elsewhere":
            return SIX.sounds_by_path["/lead"], 44100
        raise BadAudio(f"{path}: no such file")


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("locked", [True, False])
def test_clips_of_files_outside_the_library_are_heard_if_they_can_be_read(
    policy: str, locked: bool, caplog: pytest.LogCaptureFixture
) -> None:
    there, lost = Clip(0.123456, "/elsewhere", 0.0, 0.9, 0.0, 3.21), Clip(1.5, "/lost", 0.1, 0.5, 0.0, 0.0)
    behind = replace(there, start_seconds=1.2, offset_seconds=99.0)
    root = Arrangement(
        120.0, (Track("Mine", "#111111", clips=(there, behind)), Track("Kick", "#222222", clips=(lost,)))
    )
    planner = planner_of(TARGET, Foreign(SIX.sounds_by_path, SIX.pitches))
    plain = planner.evaluator.from_scratch(Arrangement()).rated
    assert planner.evaluator.from_scratch(one_clip_per_track(there)).rated.score.timbre != plain.score.timbre
    locks = Locks(frozenset({there, behind, lost})) if locked else NO_LOCKS
    after = searched(planner.with_locks(locks), root, 70, policy)
    assert fought(root, locks, after) == []
    assert clips(after) - clips(root)
    assert "/lost: no such file" in caplog.text


@pytest.mark.parametrize("policy", POLICIES)
def test_a_clip_that_lasts_much_longer_than_the_target_does_not_end_the_search(policy: str) -> None:
    """The score is 0 then, as the reward is made; what else there is to be found is found all the same."""
    pad = clip("/lead", 0.5, 1.0)
    long = replace(pad, start_seconds=3.0, length_seconds=40.0)
    root = one_clip_per_track(pad, long)
    planner = planner_of(TARGET).with_locks(Locks(frozenset({pad, long})))
    start = planner.evaluator.from_scratch(root)
    assert start.total == 0.0
    assert start.value > 0.0
    found = planner.search(policy, Limit(simulations=60), 0, lambda better: None, root)
    assert found.value > start.value
    assert found.total == 0.0
    assert clips(found.arrangement) > {pad, long}
    unheld = planner_of(TARGET).evaluator.from_scratch(one_clip_per_track(pad, replace(long, length_seconds=3.5)))
    held = replace(unheld.evaluator, held=frozenset({replace(long, length_seconds=3.5)}))
    assert held.from_scratch(unheld.arrangement).total == unheld.total < held.from_scratch(unheld.arrangement).value


@pytest.mark.parametrize("policy", POLICIES)
def test_clips_that_begin_before_the_beginning_are_no_harm(policy: str) -> None:
    early = clip("/lead", 0.0, 0.8)
    root = one_clip_per_track(replace(early, start_seconds=-0.4), replace(early, start_seconds=-3.0))
    for locks in (NO_LOCKS, Locks(frozenset(clips(root)))):
        after = searched(planner_of(TARGET).with_locks(locks), root, 60, policy)
        assert fought(root, locks, after) == []
