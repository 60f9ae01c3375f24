"""Stand-ins for the script frameworks that Live brings along: `ableton.v2`, `_Framework`, and `future` and `past`.

They are an implementation of this project's own of what scripts use of them. What depends on hardware (lamps, displays,
handshakes) is taken and not shown.
"""

from __future__ import annotations

from types import ModuleType

from live_simulator.frameworks.names import MODULES


def framework_modules() -> dict[str, ModuleType]:
    """What sys.modules needs; each module is an attribute of the one above it."""
    made: dict[str, ModuleType] = {}
    for name in sorted(MODULES):
        module = made[name] = ModuleType(name)
        module.__path__ = []
        vars(module).update(MODULES[name])
        above, _, own = name.rpartition(".")
        if above:
            setattr(made[above], own, module)
    return made
