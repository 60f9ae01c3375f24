from __future__ import annotations

import sys

from live_simulator.host import log_line, main
from live_simulator.live_python import become_lives_python

if __name__ == "__main__":
    become_lives_python(log_line)
    sys.exit(main(sys.argv[1:]))
