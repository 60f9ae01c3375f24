from __future__ import annotations

import sys

from live_simulator.host import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
