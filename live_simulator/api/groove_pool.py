"""Live.GroovePool, which is empty."""

from __future__ import annotations

from live_simulator.api.classes import GROOVE_POOL
from live_simulator.versions import since

GROOVE_POOL.field("grooves", listenable=True)
GROOVE_POOL.field("canonical_parent", stored_as="parent", versions=since(11, 1))
