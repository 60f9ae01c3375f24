"""Stand-ins for the script frameworks that Live brings along: `ableton`, `_Framework`, and `future` and `past`.

They are an implementation of this project's own of what scripts use of them. What depends on hardware (lamps, displays,
handshakes) is taken and not shown.
"""

from __future__ import annotations

from types import ModuleType

from live_simulator.frameworks.names import MODULES, V3_MODULES
from live_simulator.versions import Version

FIRST_WITH_V3 = (11, 1, 0)


def framework_modules(version: Version) -> dict[str, ModuleType]:
    """What sys.modules needs; each module is an attribute of the one above it."""
    names = {**MODULES, **V3_MODULES} if version >= FIRST_WITH_V3 else MODULES
    made: dict[str, ModuleType] = {}
    for name in sorted(names):
        module = made[name] = ModuleType(name)
        module.__path__ = []
        vars(module).update(names[name])
        above, _, own = name.rpartition(".")
        if above:
            setattr(made[above], own, module)
    return made
