"""All that the script tells of the set that is open, the user's tracks and clips too."""

from __future__ import annotations

from typing import Any

from controller.osc_client import ScriptClient

SetFacts = dict[str, Any]


def set_facts(client: ScriptClient) -> SetFacts:
    tracks = client.rows("tracks")
    clips = client.rows_of_each("clips", [(track["index"],) for track in tracks])
    return {"song": client.request("song"), "tracks": tracks, "clips": clips}
