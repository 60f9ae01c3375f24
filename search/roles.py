"""Roles: on which kind of track a producer would expect a sample, and in which colour."""

from __future__ import annotations

import re
from collections.abc import Set
from pathlib import PurePath
from typing import NamedTuple

import numpy as np

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ
from embedding.kernels import FloatArray
from search.arrangement import Sample

COLORS = {
    "Kick": "#ff3636",
    "Snare": "#f66c03",
    "Hats": "#ffcc4c",
    "Percussion": "#bf9f32",
    "Loops": "#a6783f",
    "Bass": "#5480e4",
    "Chords": "#25ffa8",
    "Lead": "#d86ce4",
    "Voice": "#e553a0",
    "Texture": "#a9a9a9",
}
"""The roles with their colours, in the order in which a producer lays the tracks."""
UNKNOWN_COLOR = "#d0d0d0"
ROLE_WORDS = {
    "Loops": "loop loops break breaks breakbeat breakbeats groove grooves",
    "Kick": "kick kicks kik bd bassdrum bassdrums",
    "Snare": "snare snares snr sn clap claps clp rim rims rimshot rimshots sidestick",
    "Hats": "hat hats hh hihat hihats cymbal cymbals cym ride rides crash crashes splash china shaker shakers "
    "tambourine tamb maracas cabasa",
    "Percussion": "perc percs percussion tom toms tabla conga congas bongo bongos cowbell cowbells clave claves "
    "triangle woodblock block timbale timbales agogo guiro timpani taiko djembe cajon snap snaps chime chimes",
    "Bass": "bass basses bassline basslines sub subs subbass reese contrabass",
    "Voice": "voice voices vocal vocals vox choir choirs singing singer",
    "Chords": "chord chords stab stabs piano pianos epiano key keys keyboard rhodes wurli wurlitzer organ organs "
    "harpsichord clav clavinet accordion pad pads strings string ensemble guitar guitars guit gtr strum harp "
    "ukulele banjo",
    "Lead": "lead leads pluck plucks arp arps synth solo violin viola cello flute piccolo recorder clarinet oboe "
    "bassoon sax saxophone trumpet trombone horn horns tuba brass glockenspiel glocken xylophone vibraphone marimba "
    "kalimba celesta sitar bell bells",
    "Texture": "texture textures ambi ambient ambience atmo atmos atmosphere drone drones noise fx sfx sweep riser "
    "foley field vinyl",
}
"""Words in a file's name, else in its folder's, that say what it is: the first role that has one of them."""
WORD_PAIRS = (("bass", "drum", "Kick"), ("steel", "drum", "Lead"))
DRUM_WORDS = frozenset({"drum", "drums", "kit", "kits", "drumkit", "tr"})
DRUM_CODES = {
    **dict.fromkeys(("sd", "cp", "rs"), "Snare"),
    **dict.fromkeys(("ch", "oh", "cy", "rd", "cr", "ma"), "Hats"),
    **dict.fromkeys(("cb", "cl", "ht", "mt", "lt", "hc", "mc", "lc"), "Percussion"),
}
"""How drum machines label their outputs; they count only beside a word that says that these are drums."""
_ROLE_OF_WORD = {word: role for role, words in reversed(ROLE_WORDS.items()) for word in words.split()}
_RANK = {role: rank for rank, role in enumerate(ROLE_WORDS)}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
POLYPHONIC = frozenset({"acoustic guitar", "electric guitar", "organ", "piano"})
"""Of the ears' classes, the instruments that play several notes at once."""
DRUMS = frozenset({"Kick", "Snare", "Hats", "Percussion"})
KICK_BELOW_MIDI, BASS_BELOW_MIDI = 36, 48
KICK_BELOW_BAND, SNARE_ABOVE_BAND, CYMBAL_ABOVE_BAND, HATS_ABOVE_BAND = 12.0, 16.0, 25.0, 29.0
TONAL_ABOVE_BAND = 8.0
TONAL_FLATNESS, HIT_FLATNESS, SNARE_FLATNESS = 0.35, 0.5, 0.6
PITCHED_HIT_SECONDS, HIT_SECONDS, ENDLESS_SECONDS = 0.3, 0.6, 2.5
"""How long drums ring at most, those with a pitch and those without, and how long no cymbal rings."""
ENERGY_GONE = 0.01


class Shape(NamedTuple):
    """Of magnitudes in 48 mel bands: the band of their centre of gravity; how alike all bands are, from 0 to 1 (white
    noise); seconds from the loudest frame until it is 20 dB quieter."""

    centroid_band: float
    flatness: float
    ringing_seconds: float


def role_of(sample: Sample, magnitudes: FloatArray) -> str:
    """The role of a sample whose magnitudes from its attack on are [frames of 23 ms, 48 mel bands]: by its name where
    that tells, else by its folder's, else by what is heard in it."""
    path = PurePath(sample.path)
    file_words, folder_words = _words(path.stem), _words(path.parent.name)
    are_drums = bool((file_words | folder_words) & DRUM_WORDS)
    named = _named_role(file_words, are_drums) or _named_role(folder_words, are_drums)
    if named is not None:
        return named
    heard = heard_role(sample, shape_of(magnitudes))
    return "Percussion" if are_drums and heard not in DRUMS else heard


def color_of(role: str) -> str:
    """#rrggbb, always the same for a role."""
    return COLORS.get(role, UNKNOWN_COLOR)


def heard_role(sample: Sample, shape: Shape) -> str:
    """The role by sound alone. Sounds of no known instrument: a pitched one that rings is bass or lead; what dies away
    soon is a drum, told by where its energy lies."""
    if sample.kind == "loop":
        return "Loops"
    if sample.instrument == "voice":
        return "Voice"
    if sample.instrument != "unpitched":
        return "Chords" if sample.instrument in POLYPHONIC else "Lead"
    if sample.pitch_midi is not None:
        return _pitched_role(sample.pitch_midi, sample.seconds, shape)
    return _unpitched_role(shape)


def shape_of(magnitudes: FloatArray) -> Shape:
    """Of magnitudes [frames of 23 ms, 48 bands]."""
    bands = magnitudes.sum(axis=0) + 1e-9
    energy = np.square(magnitudes).sum(axis=1)
    loudest = int(energy.argmax())
    quiet = np.flatnonzero(energy[loudest:] < ENERGY_GONE * energy[loudest])
    ringing_frames = int(quiet[0]) if quiet.size else energy.size - loudest
    return Shape(
        centroid_band=float((bands * np.arange(bands.size)).sum() / bands.sum()),
        flatness=float(np.exp(np.log(bands).mean()) / bands.mean()),
        ringing_seconds=ringing_frames * HOP_SAMPLES / SAMPLE_RATE_HZ,
    )


def _pitched_role(pitch_midi: float, seconds: float, shape: Shape) -> str:
    if pitch_midi < KICK_BELOW_MIDI and shape.ringing_seconds < HIT_SECONDS:
        return "Kick"
    if shape.ringing_seconds < PITCHED_HIT_SECONDS and (seconds < HIT_SECONDS or shape.flatness >= HIT_FLATNESS):
        return "Percussion"
    return "Bass" if pitch_midi < BASS_BELOW_MIDI else "Lead"


def _unpitched_role(shape: Shape) -> str:
    rings = shape.ringing_seconds >= HIT_SECONDS
    if rings and shape.flatness < TONAL_FLATNESS and shape.centroid_band < CYMBAL_ABOVE_BAND:
        # several notes at once have no one pitch
        return "Chords" if shape.centroid_band >= TONAL_ABOVE_BAND else "Texture"
    if shape.ringing_seconds >= ENDLESS_SECONDS:
        return "Texture"
    if shape.centroid_band >= (CYMBAL_ABOVE_BAND if rings else HATS_ABOVE_BAND):
        return "Hats"
    if rings:
        return "Percussion"
    if shape.centroid_band < KICK_BELOW_BAND:
        return "Kick"
    is_noisy = shape.flatness >= SNARE_FLATNESS
    return "Snare" if is_noisy and shape.centroid_band >= SNARE_ABOVE_BAND else "Percussion"


def _named_role(words: Set[str], are_drums: bool) -> str | None:
    pairs = [role for one, other, role in WORD_PAIRS if one in words and other in words]
    codes = [DRUM_CODES[word] for word in words if are_drums and word in DRUM_CODES]
    known = [_ROLE_OF_WORD[word] for word in words if word in _ROLE_OF_WORD]
    if "Loops" in known:
        return "Loops"
    return next(iter(pairs), None) or min(known or codes, key=lambda role: _RANK[role], default=None)


def _words(name: str) -> frozenset[str]:
    """Numbers, signs and capitals separate words: of "SnareTight-02" they are snare and tight."""
    return frozenset(word.lower() for word in _WORD.findall(name))
