"""The planner: a target and a library become a search problem, and a search its best arrangement."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.audio import Audio
from embedding.errors import BadOption
from embedding.hearing import Hearing
from embedding.reward import Hears, Target, hear_target
from search.actions import HOLD, REFIT, Action, State, step
from search.arrangement import Arrangement, Clip, Sample
from search.atoms import MakesAtoms, make_atoms, roles_of
from search.audibility import lowest_gains
from search.contract import Judged, Limit, Option, Policy, Problem
from search.copying import with_repeats
from search.evaluator import Evaluation, Evaluator
from search.finding import Found, found_in
from search.gains import refitted
from search.grid import fitted_lines
from search.locks import Locks
from search.matching import Matcher, Query
from search.moments import moments_seconds
from search.options import EARLY_SECONDS, WIDE, Breadth, Outlook, breadth_of, options, outlook, role_of
from search.playing import Playing
from search.preselection import preselected
from search.rendering import Sounds, VoiceBank
from search.repetition import Repeat, repeats_in
from search.response import Response
from search.rules import Rulebook, Rules
from search.simple_policies import greedy, random
from search.sketch import levelled_for, sketches, with_found
from search.tidying import tidied
from search.tree import Settings, mcts, play
from search.waves import Alone, Course, Crew, Outcome, Task, stretches

POLICIES: dict[str, Policy[State, Action]] = {"mcts": mcts, "greedy": greedy, "random": random}
SURVEY_PER_MOMENT = 3
SURVEY_NOISE = 0.3
ARRANGEMENTS_KEPT = 1024
DRAW_HOLD = 0.3
REFIT_SECONDS = 2.0
"""A refit at the cursor refits the gains of the clips that start within so many seconds."""
DRAW_GAIN_DB = (-18.0, 0.0)
SCAN_SHARE = 0.5
"""Of the time there is, scans for samples that sound in the target as they are take at most so much."""
FOUND_SHARE = 0.25
"""Where what was found leaves at most this share unexplained, the search is over: a sum leaves .0003, its mp3 .1 to .2,
as the whitening brings out what is lost."""
PLACED_SHARE = 0.9
"""At least so many of the clips must have found a place: tracks or rules may be in the way."""


@dataclass(frozen=True)
class PlannerSettings:
    """`grid_hz`: starts and lengths of clips are whole samples at this rate, the stage's."""

    rules: Rules = field(default_factory=Rules)
    grid_hz: int = 44100
    tail_seconds: float = 0.0


@dataclass
class Gathered:
    """What a planner has come to know that is true with any response and any locks. `found`: what the target was made
    of, None until it has been looked for to the end; `roles` of its samples, by path."""

    found: Found | None = None
    roles: dict[str, str] = field(default_factory=dict)
    repeats: list[Repeat] | None = None
    course: Course | None = None


@dataclass(eq=False)
class Planner:
    target: Target
    matcher: Matcher
    evaluator: Evaluator
    settings: PlannerSettings
    tempo_bpm: float
    library: tuple[Sample, ...]
    """The samples that may be used; the matcher's atoms are of some of them where they are many."""
    _known: OrderedDict[Arrangement, Evaluation] = field(init=False, default_factory=OrderedDict, repr=False)
    """The transposition table: arrangements are the same whichever actions led to them."""
    _looked: Outlook | None = field(init=False, default=None, repr=False)
    """The last outlook."""
    _standing: Evaluation | None = field(init=False, default=None, repr=False)
    """What the last task began with."""
    _gathered: Gathered = field(init=False, default_factory=Gathered, repr=False)
    _at_work: Planner | None = field(init=False, default=None, repr=False)
    """Which did the last task."""

    def search(
        self,
        policy: str,
        limit: Limit,
        seed: int,
        improved: Callable[[Evaluation], None],
        root: Arrangement | None = None,
        crew: Crew | None = None,
    ) -> Evaluation:
        """The best arrangement that the policy finds from `root` (an empty set where None) before the limit is over.
        `improved` is told of each better one, of a root that holds something first.
        Tree search works with all of `crew`; the result of so many simulations does not depend on it. From a root that
        holds something it goes on where the last one ended, see `is_sketched`."""
        if policy not in POLICIES:
            raise BadOption(f"policy {policy!r}: must be one of {', '.join(POLICIES)}")
        start = self.evaluator.from_scratch(root or Arrangement(self.tempo_bpm))
        judged = Judged(State(start.arrangement, 0, start), start.value)
        problem = self.problem(limit)
        rng = np.random.default_rng(seed)

        def better(judged: Judged[State]) -> None:
            improved(_evaluation(judged.state))

        if start.arrangement.clip_count:
            better(judged)
        if policy == "mcts":
            playing = Playing(
                problem,
                self.matcher,
                limit,
                seed,
                better,
                crew or Alone(self),
                partial(self._finished, limit),
                judged,
                self.evaluator.response,
                self._course(start.arrangement),
            )
            return _evaluation(playing.played().state)
        return _evaluation(POLICIES[policy](problem, judged, limit, rng, better).state)

    def with_response(self, response: Response) -> Planner:
        """This planner where `response` is what Live adds to the sound, judging by what is heard then. It shares all
        else that it has found."""
        if response == self.evaluator.response:
            return self
        planner = replace(self, evaluator=replace(self.evaluator, response=response))
        planner._gathered = self._gathered
        return planner

    def with_locks(self, locks: Locks) -> Planner:
        """This planner where `locks` are what the user has done to clips, instead of those before. It shares all that
        it has found; combines with `with_response` in any order."""
        return self if locks == self.locks else self.with_book(replace(self.matcher.book, locks=locks))

    def with_book(self, book: Rulebook) -> Planner:
        """This planner where `book` holds other clips, or bars others; the rules are the same."""
        evaluator = replace(self.evaluator, held=book.held)
        planner = replace(self, matcher=self.matcher.with_book(book), evaluator=evaluator)
        planner._gathered = self._gathered
        return planner

    @property
    def locks(self) -> Locks:
        return self.matcher.book.locks

    @property
    def roles(self) -> Mapping[str, str]:
        """By path, of the samples that may be used, as far as they are known."""
        return {**self._gathered.roles, **self.matcher.atoms.roles_by_path}

    @property
    def is_sketched(self) -> bool:
        """Whether a tree search has come beyond its sketch, and beyond the look for what the target was made of: if it
        is ended from then on, the next one goes on where it stood, at no cost."""
        return self._gathered.course is not None and self._gathered.course.is_sketched

    def _course(self, root: Arrangement) -> Course:
        course = self._gathered.course if self.is_sketched and root.clip_count else None
        self._gathered.course = course or Course(stretches(self.matcher.moments_seconds, False))
        return self._gathered.course

    def _finished(self, limit: Limit, state: State) -> Iterator[State]:
        """The arrangement as a producer leaves it: all gains fitted, longer clips, bars that repeat the same."""
        before = _evaluation(state)
        polished = self.evaluator.after([(before, self._polished(state).arrangement)])[0]
        start = max(polished, before, key=lambda one: one.value)
        tidy = tidied(start, self.evaluator, self.matcher, stop=lambda: limit.stop() or limit.seconds_left() <= 0.0)
        copied = with_repeats(tidy, self._repeats, self.matcher, self.evaluator)
        for one in (polished, tidy, copied):
            yield replace(state, arrangement=one.arrangement, evaluation=one)

    @property
    def _repeats(self) -> list[Repeat]:
        if self._gathered.repeats is None:
            moments = self.matcher.moments_seconds.astype(np.float32)
            self._gathered.repeats = repeats_in(self.matcher.target_mono, moments)
        return self._gathered.repeats

    def work(self, task: Task, stop: Callable[[], bool]) -> Outcome:
        """A wave's task, judged with the task's response, under its locks; what others have left behind makes no
        difference."""
        worker = self._at_work or self
        if worker.evaluator.response != task.response or worker.locks != task.locks:
            worker._forget()
            worker = self.with_response(task.response).with_locks(task.locks)
        self._at_work = worker
        return worker._worked(task, stop)

    def _forget(self) -> None:
        self._known.clear()
        self._looked = self._standing = None

    def _worked(self, task: Task, stop: Callable[[], bool]) -> Outcome:
        self.matcher.forget_shortlists()
        self._looked = None
        known = self._standing or self.evaluator.from_scratch(task.arrangement)
        standing = self._standing = self.evaluator.after([(known, task.arrangement)])[0]
        over = time.monotonic() + task.seconds
        limit = Limit(lambda: time.monotonic() >= over or stop(), task.evaluations)
        breadth = breadth_of(task.simulations_per_move)
        problem = replace(self.problem(limit, breadth), is_finished=lambda state: state.cursor >= task.end)
        start = Judged(State(task.arrangement, task.cursor, standing), standing.value)
        settings = replace(Settings(), simulations_per_move=task.simulations_per_move)
        best, ended = play(problem, start, limit, np.random.default_rng(task.seed), lambda better: None, settings)
        return Outcome(best.state.arrangement, min(ended.cursor, task.end), limit.spent)

    def worth_keeping(self, standing: Arrangement) -> Arrangement | None:
        """`standing`, what is in the set already, where a search should go on from it: where it is no worse than a
        first sketch, so that what was made for another recording is not built upon."""
        if not standing.clip_count:
            return None
        first = next(sketches(Arrangement(self.tempo_bpm), self.matcher))
        evaluations = [self.evaluator.from_scratch(one) for one in (standing, first)]
        return standing if evaluations[0].value >= evaluations[1].value else None

    def problem(self, limit: Limit, breadth: Breadth = WIDE) -> Problem[State, Action]:
        """The search's problem; `limit` ends what takes longer by itself."""
        return Problem(
            hold=HOLD,
            step=self._step,
            evaluate=self._evaluate,
            outlook=partial(self._outlook, breadth),
            survey=partial(self._survey, limit),
            draw=self._draw,
            sketch=partial(self._sketch, limit),
            polish=self._polished,
            rewound=lambda state: replace(state, cursor=0),
            is_finished=lambda state: state.cursor >= self._moments,
        )

    @property
    def _moments(self) -> int:
        return len(self.matcher.moments_seconds)

    def _everywhere(self, arrangement: Arrangement, count: int) -> list[Query]:
        return [Query(arrangement, moment, count) for moment in range(self._moments)]

    def _step(self, state: State, action: Action) -> State | None:
        if action == REFIT:
            begin = float(self.matcher.moments_seconds[state.cursor]) - EARLY_SECONDS
            return replace(state, arrangement=refitted(state.arrangement, self.matcher, begin, begin + REFIT_SECONDS))
        return step(state, action, self._moments, self.matcher.book)

    def _evaluate(self, states: Sequence[State]) -> list[Judged[State]]:
        new = {state.arrangement: _evaluation(state) for state in states if state.arrangement not in self._known}
        evaluations = self.evaluator.after([(before, arrangement) for arrangement, before in new.items()])
        self._known.update(zip(new, evaluations, strict=True))
        judged = []
        for state in states:
            evaluation = self._known[state.arrangement]
            self._known.move_to_end(state.arrangement)
            judged.append(Judged(replace(state, evaluation=evaluation), evaluation.value))
        while len(self._known) > ARRANGEMENTS_KEPT:
            self._known.popitem(last=False)
        return judged

    def _outlook(self, breadth: Breadth, root: State) -> Callable[[State], Sequence[Option[Action]]]:
        ahead = self._looked = outlook(root, self.matcher, breadth, self._looked)

        def below(state: State) -> Sequence[Option[Action]]:
            if state.cursor >= self._moments:
                return []
            return options(state, ahead, self.matcher)

        return below

    def found(self, limit: Limit) -> Found:
        """What the target was made of, if it was made of the library; looked for once, unless that is cut short."""
        if self._gathered.found is not None:
            return self._gathered.found
        matcher = self.matcher
        left = limit.seconds_left()
        left_then = (1.0 - SCAN_SHARE) * left if left < math.inf else -math.inf
        found = found_in(
            matcher.target_mono,
            self.library,
            matcher.bank.sounds,
            matcher.book.rules.transpositions,
            matcher.grid_hz,
            may_scan=lambda: limit.seconds_left() > left_then and not limit.is_over,
            proceed=lambda: not limit.is_over,
        )
        unknown = {clip.sample for clip in found.clips} - self.roles.keys()
        sighted = [sample for sample in self.library if sample.path in unknown]
        self._gathered.roles.update(roles_of(sighted, matcher.bank.sounds, matcher.book.rules))
        usable = self.roles
        found = replace(found, clips=tuple(matcher.to_grid(clip) for clip in found.clips if clip.sample in usable))
        if not limit.is_over:
            self._gathered.found = found
        return found

    def _survey(self, limit: Limit, state: State, count: int, rng: np.random.Generator | None) -> Sequence[Action]:
        standing = {clip for _, clip in state.arrangement.clips()}
        # an empty set is surveyed without waiting for what takes longer than a first guess
        clips = [clip for clip in self.found(limit).clips if clip not in standing] if standing else []
        roles = self.roles
        found = [Action("insert", clip, roles[clip.sample]) for clip in clips]
        per_moment = self.matcher.propose(self._everywhere(state.arrangement, SURVEY_PER_MOMENT))
        proposals = [proposal for ranked in per_moment for proposal in ranked]
        noise = np.exp(SURVEY_NOISE * rng.standard_normal(len(proposals))) if rng else np.ones(len(proposals))
        order = np.argsort([-p.explained * float(n) for p, n in zip(proposals, noise, strict=True)], kind="stable")
        likely = [Action("insert", proposals[i].clip, role_of(self.matcher, proposals[i])) for i in order]
        return [*found, *likely][:count]

    def _sketch(self, limit: Limit, state: State) -> Iterator[State]:
        if self._gathered.found is not None and _is_made_of(state.arrangement, self._gathered.found):
            limit.done()
            return
        with ThreadPoolExecutor(1) as pool:
            looking = pool.submit(self.found, limit)
            sketched = state.arrangement
            for sketched in sketches(state.arrangement, self.matcher):
                yield replace(state, arrangement=sketched)
            evaluation = self.evaluator.after([(_evaluation(state), sketched)])[0]
            copied = with_repeats(evaluation, self._repeats, self.matcher, self.evaluator)
            yield replace(state, arrangement=copied.arrangement)
            found = looking.result()
        if not found.clips:
            return
        made = with_found(state.arrangement, found, self.matcher, self.roles)
        yield replace(state, arrangement=made)
        if _is_made_of(made, found):
            limit.done()
        else:
            for arrangement in sketches(made, self.matcher):
                yield replace(state, arrangement=arrangement)

    def _polished(self, state: State) -> State:
        return replace(state, arrangement=levelled_for(self.matcher, refitted(state.arrangement, self.matcher)))

    def _draw(self, state: State, rng: np.random.Generator) -> Action:
        atoms = self.matcher.atoms
        if not atoms.count or rng.random() < DRAW_HOLD:
            return HOLD
        atom = int(rng.integers(atoms.count))
        index = int(atoms.sample_index[atom])
        moment_seconds = float(self.matcher.moments_seconds[state.cursor])
        start = self.matcher.on_grid(moment_seconds)
        placed = Clip(
            start_seconds=start,
            sample=atoms.samples[index].path,
            offset_seconds=0.0,
            length_seconds=0.0,
            gain_db=round(float(rng.uniform(*DRAW_GAIN_DB)), 2),
            transpose_semitones=float(atoms.semitones[atom]),
        )
        return Action("insert", self.matcher.longest(self.matcher.to_grid(placed)), atoms.roles[index])


def make_planner(
    target: Audio,
    samples: Sequence[Sample],
    sounds: Sounds,
    ears: Hears,
    weights: Sequence[float],
    settings: PlannerSettings,
    hearing: Hearing,
    atoms_of: MakesAtoms = make_atoms,
) -> Planner:
    """A planner for `target`, of which `hearing` is, with the library's `samples`; `sounds` gives their mono sound by
    path."""
    bank = VoiceBank(sounds)
    heard = hear_target(target, ears)
    mono = target.at_rate(SAMPLE_RATE_HZ).mono()
    rules = settings.rules
    library = tuple(sample for sample in samples if rules.may_allow_path(sample.path))
    chosen = preselected(library, heard.embeddings, ears.similarity, rules.asks_for)
    atoms = atoms_of(chosen, sounds, rules)
    lines, tempo_bpm = fitted_lines(hearing, rules.grid) if rules.grid is not None else (None, hearing.tempo_bpm)
    book = Rulebook(rules, lowest_gains(bank, mono, rules.quietest_db), lines)
    moments = moments_seconds(hearing.onsets_seconds, mono.size / SAMPLE_RATE_HZ)
    # resampled it may last a part of a sample longer
    tail_seconds = settings.tail_seconds + target.seconds - mono.size / SAMPLE_RATE_HZ
    matcher = Matcher(atoms, bank, mono, moments, settings.grid_hz, hearing.loudness, tail_seconds, book)
    return Planner(heard, matcher, Evaluator(heard, bank, ears, weights), settings, tempo_bpm, library)


def _is_made_of(arrangement: Arrangement, found: Found) -> bool:
    """Whether hardly anything but `found` is in the target, and hardly any of it is not in the arrangement."""
    placed = {clip for _, clip in arrangement.clips()}.intersection(found.clips)
    return found.unexplained <= FOUND_SHARE and len(placed) >= PLACED_SHARE * len(found.clips) > 0


def _evaluation(state: State) -> Evaluation:
    if state.evaluation is None:
        raise ValueError("a state that a search begins with must have been evaluated")
    return state.evaluation
