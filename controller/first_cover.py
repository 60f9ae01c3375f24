"""`python -m controller.first_cover [RECORDING] [options of cover]`: a cover with sounds that JacqueesBot makes itself.

For those who have just installed it and want to hear something: no sample library, no recording and no Live is needed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from controller.cli import run

STARTER = Path("starter")
OUT = Path("out")


def main(arguments: list[str]) -> int:
    """The exit status of `jacqueesbot cover`."""
    from controller.starter.demo import write_demo_recording
    from controller.starter.library import write_starter_library

    if "--help" in arguments:
        return run(["cover", "--help"])
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--library", nargs="?", type=Path)
    parser.add_argument("--out", nargs="?", type=Path)
    asked, options = parser.parse_known_args(arguments)
    recording = options.pop(0) if options and not options[0].startswith("-") else None
    library = asked.library or write_starter_library(STARTER / "library")
    target = Path(recording) if recording else write_demo_recording(STARTER / "demo.wav")
    out = asked.out or OUT
    status = run(["cover", str(target), "--library", str(library), "--out", str(out), *options])
    cover = out / "1" if (out / "1").is_dir() else out  # the best of several
    if status == 0:
        print(f"\nthe recording      {target.absolute()}")
        print(f"its cover          {(cover / 'cover.wav').absolute()} (and cover.mp3)")
        print(f"each track of it   {(cover / 'stems').absolute()}")
        print(f"the arrangement    {(cover / 'arrangement.json').absolute()}")
        print(f"the samples used   {library.absolute()}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
