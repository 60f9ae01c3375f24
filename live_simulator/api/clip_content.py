"""Live.Clip: cutting and doubling its content, its loop's position, signature, groove, scrubbing."""

from __future__ import annotations

import math

from live_simulator import breakpoints, notes
from live_simulator.api import clip as edges
from live_simulator.api.classes import CLIP
from live_simulator.boost import FLOAT, FLOAT32, INT, handle
from live_simulator.nodes.clips import ClipNode
from live_simulator.nodes.node import Node

GROOVE = handle("Groove.Groove", "TPyHandle<AGroove>", optional=True)


@CLIP.writable(GROOVE, listenable=True)
def groove(clip: ClipNode, chosen: Node | None) -> None:
    clip.put("groove", chosen)


@CLIP.readable()
def has_groove(clip: ClipNode) -> bool:
    return clip.groove is not None


@CLIP.writable(INT, listenable=True)
def signature_numerator(clip: ClipNode, beats: int) -> None:
    if not 1 <= beats <= 99:
        raise RuntimeError("Invalid signature")
    clip.put("signature_numerator", beats)


@CLIP.writable(INT, listenable=True)
def signature_denominator(clip: ClipNode, part: int) -> None:
    if part not in (1, 2, 4, 8, 16):
        raise RuntimeError("Invalid signature")
    clip.put("signature_denominator", part)


@CLIP.writable(FLOAT32, listenable=True)
def velocity_amount(clip: ClipNode, amount: float) -> None:
    if not 0.0 <= amount <= 1.0:
        raise RuntimeError("Velocity amount is out of range")
    clip.put("velocity_amount", amount)


@CLIP.writable(FLOAT, lambda clip: clip.loop_start, listenable=True)
def position(clip: ClipNode, content: float) -> None:
    """Moves the loop as it is, the edge that widens it first."""
    end = content + clip.loop_end - clip.loop_start
    if content > clip.loop_start:
        edges.loop_end(clip, end)
        edges.loop_start(clip, content)
    else:
        edges.loop_start(clip, content)
        edges.loop_end(clip, end)


@CLIP.method(FLOAT)
def scrub(clip: ClipNode, beats: float) -> None:
    """Nothing is heard of it here."""
    if not math.isfinite(beats):
        raise RuntimeError("Invalid position")


@CLIP.method()
def stop_scrub(clip: ClipNode) -> None:
    """Nothing is ever scrubbed here."""


@CLIP.method()
def crop(clip: ClipNode) -> None:
    """Removes what lies outside the loop, or outside the markers of a clip that does not loop."""
    start, end = (clip.loop_start, clip.loop_end) if clip.looping else (clip.start_marker, clip.end_marker)
    if clip.looping:
        clip.put("start_marker", start)
        clip.put("end_marker", end)
    clip.put("notes", notes.cropped(clip.notes, start, end))
    for envelope in clip.envelopes:
        envelope.put("points", breakpoints.within(envelope.points, start, end))


@CLIP.method()
def duplicate_loop(clip: ClipNode) -> None:
    """Twice as long, with notes and envelopes; of a clip that does not loop all between its markers."""
    if clip.is_audio:
        raise RuntimeError("This function is only available for MIDI clips")
    start, end = clip.loop_start, clip.loop_end
    length = end - start
    found = [note for note in clip.notes if start <= note.start_time < end]
    doubled = notes.numbered(notes.moved(found, length, 0), clip.next_note_id)
    clip.next_note_id += len(doubled)
    clip.put("notes", notes.put(clip.notes, doubled))
    for envelope in clip.envelopes:
        inside = breakpoints.within(envelope.points, start, end)
        again = tuple(point._replace(beats=point.beats + length) for point in inside)
        envelope.put("points", (*(point for point in envelope.points if point.beats < end), *again))
    if clip.looping:
        clip.put("end_marker", max(clip.end_marker, end + length))
    edges.loop_end(clip, end + length)


CLIP.constant(False, "will_record_on_start")
