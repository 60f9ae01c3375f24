"""The command line: parse, call, print. What a command loads is imported in it, so that `--help` stays quick."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from controller import cover_options as options
from embedding.errors import JacqueesError

if TYPE_CHECKING:
    from controller.config import Settings

INTERRUPTED = 130
BAD_INPUT = 2
FAILED = 1
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What typer raises for wrong arguments; it has no public name there."""

app = typer.Typer(
    name="jacqueesbot",
    help="Finds the arrangement of your samples that sounds most like a recording.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    status = run(sys.argv[1:])
    # What is still there is never collected: looking through all of torch for it would take half a second.
    gc.freeze()
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """The exit status: 0 done, 1 failed while running, 2 bad input, 130 interrupted. Errors are one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = app(args=list(arguments), prog_name="jacqueesbot", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except JacqueesError as why:
        return _failed(str(why), why.exit_status)
    except UsageError as why:
        return _failed(_usage_text(why), BAD_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as why:
        return _failed(str(why), FAILED)


def _failed(message: str, status: int) -> int:
    print(f"jacqueesbot: {' '.join(message.split())}", file=sys.stderr)
    return status


def _usage_text(why: Exception) -> str:
    context = getattr(why, "ctx", None)
    command = context.command_path if context else "jacqueesbot"
    text: str = getattr(why, "format_message", why.__str__)()
    return f"{text} (`{command} --help` lists what is allowed)"


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings; else $JACQUEESBOT_CONFIG, ./config.yaml, ...")
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    context.obj = config
    if version:
        from importlib.metadata import version as installed

        print(installed("jacqueesbot"))
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit


def _settings(context: typer.Context) -> Settings:
    from controller.config import find_config, load_settings

    return load_settings(find_config(context.obj))


@app.command()
def cover(
    context: typer.Context,
    target: options.Target,
    library: options.Library,
    out: options.Out,
    budget: options.Budget = None,
    simulations: options.Simulations = None,
    seed: options.Seed = None,
    policy: options.Policy = None,
    stage: options.Stage = None,
    score: options.Score = "offline",
    region: options.Region = None,
    keep_captures: options.KeepCaptures = False,
    variations: options.Variations = 1,
    tracks: options.Tracks = None,
    polyphony: options.Polyphony = None,
    density: options.Density = None,
    repeats: options.Repeats = None,
    min_length: options.MinLength = None,
    quietest: options.Quietest = None,
    transpose: options.Transpose = None,
    grid: options.Grid = None,
    grid_strength: options.GridStrength = None,
    only: options.Only = None,
    forbid: options.Forbid = None,
    keep: options.Keep = None,
    start: options.Start = None,
    weight: options.Weight = None,
) -> None:
    """Cover TARGET with the samples of a library: the main job."""
    from controller.performance import RENDERED
    from controller.progress import first_interrupt_stops, watched
    from controller.request import cover_request

    request = cover_request(
        target,
        library,
        out,
        _settings(context),
        budget_seconds=budget,
        simulations=simulations,
        seed=seed,
        tracks=tracks,
        polyphony=polyphony,
        density=density,
        repeats=repeats,
        min_length_seconds=min_length,
        quietest_db=quietest,
        transpose=transpose,
        grid=grid,
        grid_strength=grid_strength,
        only=only or (),
        forbid=forbid or (),
        keep=keep or (),
        weights=weight or (),
        start=start,
        policy=policy,
        stage=stage,
        score=score,
        region=region,
        variations=variations,
        keep_captures=keep_captures,
    )
    with watched() as progress, first_interrupt_stops(progress):
        from controller.session import cover as make_cover

        results = make_cover(request, progress)
    for number, result in enumerate(results, start=1):
        named = f"{number}: " if request.variations > 1 else ""
        heard = "" if result.source == RENDERED else f" ({result.source})"
        print(f"{named}score {result.score_total:.4f}{heard}: {result.clip_count} clips on {result.track_count} tracks")
    print(request.out)


@app.command()
def index(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of samples; nothing is written to it.")],
) -> None:
    """Listen to a sample library, so that covers with it begin at once."""
    from controller.chosen_ears import chosen_ears
    from controller.library import index_library
    from controller.library_files import find_audio
    from controller.progress import watched
    from embedding.parallel import parallel

    settings = _settings(context)
    find_audio(folder)
    with watched() as progress:
        ears = parallel(chosen_ears(settings.embedding), 1).ears
        library = index_library(folder, ears, settings.cache_folder, progress)
    pitched = sum(sample.pitch_midi is not None for sample in library.samples)
    loops = sum(sample.kind == "loop" for sample in library.samples)
    print(f"{len(library.samples)} samples ({pitched} pitched, {loops} loops), {len(library.unreadable)} left out")


@app.command("run")
def run_controller(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", help="Print every message.")] = False,
) -> None:
    """Wait beside an open Live set for triggers over OSC."""
    from controller.beside.serve import run as wait_for_triggers

    wait_for_triggers(_settings(context), verbose, lambda line: print(line, flush=True))


@app.command()
def score(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="The recording.")],
    cover: Annotated[Path, typer.Argument(metavar="COVER", help="What is to sound like it.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """How much COVER sounds like TARGET: 1 is identical."""
    from embedding.audio import read_audio, require_sound

    settings = _settings(context)
    heard, built = require_sound(read_audio(target), target), read_audio(cover)
    from controller.chosen_ears import chosen_ears, judging_ears
    from embedding.reward import score_recordings

    ears = judging_ears(settings.reward, lambda: chosen_ears(settings.embedding))
    terms = score_recordings(heard, built, ears, settings.reward.in_order()).as_dict()
    _print_json(terms) if as_json else _print_table(terms)


@app.command()
def classify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A recording.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with every 3 s window.")] = False,
) -> None:
    """Which instruments the ears hear in FILE."""
    from embedding.audio import read_audio, require_sound

    settings = _settings(context)
    audio = require_sound(read_audio(file), file)
    from controller.chosen_ears import chosen_ears
    from embedding.classify import classify as heard_in

    heard = heard_in(audio, chosen_ears(settings.embedding))
    _print_json(heard) if as_json else _print_table(heard["probabilities"])


@app.command()
def train(
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="One folder of recordings per class.")] = None,
    irmas: Annotated[Path | None, typer.Option(metavar="DIR", help="The IRMAS data set, or its training part.")] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the weights go.")] = Path("ears.pt"),
    seconds: Annotated[float, typer.Option(metavar="SECONDS", help="How long to train.")] = 1800.0,
) -> None:
    """Train the ears. The package's own weights are never overwritten."""
    from controller.train import train_weights

    for line in train_weights(data, irmas, out, seconds):
        print(line)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def simulate(context: typer.Context) -> None:
    """Run the simulated Live until Ctrl-C; `simulate --help` lists its options."""
    from controller import simulate as simulation

    options = simulation.simulate_options(context.args)
    raise typer.Exit(simulation.simulate_live(_settings(context), options))


@app.command("install-script")
def install_script(
    context: typer.Context,
    user_library: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Live's User Library; else looked for.")
    ] = None,
    uninstall: Annotated[bool, typer.Option("--uninstall", help="Take the script out again.")] = False,
) -> None:
    """Copy the remote script into Live's User Library."""
    from controller import install_script as scripts
    from controller.user_library import this_computer

    if uninstall:
        for folder in scripts.uninstall(user_library, this_computer()):
            print(f"removed {folder}")
        return
    done = scripts.install(user_library, _settings(context), this_computer())
    print(done.script.folder)
    for line in (*done.words, "Then, in Live:", *(f"{n}. {step}" for n, step in enumerate(scripts.STEPS, start=1))):
        print(line)


@app.command()
def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Try things in an open, empty Live set; writes a report.")
    ] = False,
) -> None:
    """Look at what works here, and say how to mend what does not."""
    import shutil

    from controller.doctor import examine, lines
    from controller.progress import watched

    with watched() as progress:
        checks = examine(context.obj, live, progress)
    if as_json:
        _print_json({"checks": [vars(check) for check in checks]})
    else:
        print("\n".join(lines(checks, shutil.get_terminal_size((100, 24)).columns)))
    if not all(check.ok for check in checks):
        raise typer.Exit(FAILED)


def _print_json(document: Mapping[str, Any]) -> None:
    import json

    print(json.dumps(document, indent=2, ensure_ascii=False))


def _print_table(values: Mapping[str, float]) -> None:
    width = max(len(name) for name in values)
    for name, value in values.items():
        print(f"{name:{width}}  {value:.4f}")
