"""`python -m controller.first_cover [RECORDING] [options of cover]`: a cover with sounds that JacqueesBot makes itself.

For those who have just installed it and want to hear something: no sample library, no recording and no Live is needed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from controller.cli import run

STARTER = Path("starter")
OUT = Path("out")


def main(arguments: list[str]) -> int:
    """The exit status of `jacqueesbot cover`."""
    from controller.starter.demo import write_demo_recording
    from controller.starter.library import write_starter_library

    recording = arguments.pop(0) if arguments and not arguments[0].startswith("-") else None
    library = write_starter_library(STARTER / "library")
    target = Path(recording) if recording else write_demo_recording(STARTER / "demo.wav")
    status = run(["cover", str(target), "--library", str(library), "--out", str(OUT), *arguments])
    if status == 0:
        print(f"\nthe recording      {target.absolute()}")
        print(f"its cover          {(OUT / 'cover.wav').absolute()} (and cover.mp3)")
        print(f"each track of it   {(OUT / 'stems').absolute()}")
        print(f"the arrangement    {(OUT / 'arrangement.json').absolute()}")
        print(f"the samples used   {library.absolute()}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
