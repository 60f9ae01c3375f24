"""The options of `cover`, as the command line takes and explains them. Those in lists may be given more than once."""

from pathlib import Path
from typing import Annotated

import typer

Target = Annotated[Path, typer.Argument(metavar="TARGET", help="The recording: wav, aiff, flac, ogg or mp3.")]
Library = Annotated[Path, typer.Option(metavar="DIR", help="The folder of samples; nothing is written to it.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="The folder that the cover is written to.")]
Budget = Annotated[float | None, typer.Option(metavar="SECONDS", help="Seconds of search (30).")]
Simulations = Annotated[int | None, typer.Option(metavar="N", help="End the search after N steps.")]
Seed = Annotated[int | None, typer.Option(metavar="N", help="Same seed and simulations, same arrangement.")]
Region = Annotated[str | None, typer.Option(metavar="A:B", help="Cover only second A to B.")]
Tracks = Annotated[int | None, typer.Option(metavar="N", help="At most N tracks (24).")]
Polyphony = Annotated[int | None, typer.Option(metavar="N", help="At most N clips at once.")]
Density = Annotated[int | None, typer.Option(metavar="N", help="At most N new clips in any second.")]
Repeats = Annotated[int | None, typer.Option(metavar="N", help="Each sample at most N times.")]
MinLength = Annotated[float | None, typer.Option(metavar="SECONDS", help="No clip is shorter.")]
Quietest = Annotated[float | None, typer.Option(metavar="DB", help="No clip further below what plays there (-30).")]
Transpose = Annotated[
    str | None, typer.Option(metavar="N|LIST", help="Semitones up and down (12), or a list: -12,0,12.")
]
Grid = Annotated[str | None, typer.Option(metavar="1/N", help="Move clips to the grid: 1/8, 1/16, ...")]
GridStrength = Annotated[float | None, typer.Option(metavar="X", help="How far they are moved: 0 to 1 (1).")]
Only = Annotated[list[str] | None, typer.Option(metavar="WHAT", help="Use only these: 'pads/*', piano, kick, drums.")]
Forbid = Annotated[
    list[str] | None,
    typer.Option(metavar="WHAT", help="Do not use these; or leave seconds A:B empty."),
]
Keep = Annotated[list[str] | None, typer.Option(metavar="WHAT", help="Leave these, or seconds A:B, as they stand.")]
Start = Annotated[
    Path | None, typer.Option("--from", metavar="FILE", help="Go on from an arrangement.json or its folder.")
]
Weight = Annotated[list[str] | None, typer.Option(metavar="TERM=X", help="A weight of the score, e.g. onsets=0.3.")]
Policy = Annotated[str | None, typer.Option(metavar="NAME", help="mcts, greedy or random.")]
Stage = Annotated[str | None, typer.Option(metavar="NAME", help="simulated or live.")]
Score = Annotated[str, typer.Option(metavar="NAME", help="offline, loopback or resampling.")]
KeepCaptures = Annotated[bool, typer.Option("--keep-captures", help="Keep what was heard of Live, in DIR/captures.")]
Variations = Annotated[int, typer.Option(metavar="K", help="So many different covers, in DIR/1 to DIR/K.")]
