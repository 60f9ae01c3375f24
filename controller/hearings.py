"""Hearings that were once found, kept in the cache folder by what was heard and by whose ears.

A file is the SHA-256 of what follows it: arrays by name, and the other facts as JSON. What does not agree with its sum
is damaged, and heard again.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from controller.files import replacing
from controller.library import Listens, ears_key
from embedding.audio import Audio
from embedding.hearing import Hearing, hear_recording
from embedding.key import Key
from embedding.loudness import Loudness

FORMAT = 1
"""Raised whenever what is stored, or how it is worked out, changes: older files are then not read."""
SUM_BYTES = hashlib.sha256().digest_size
FACTS = "facts"


def remembered_hearing(audio: Audio, ears: Listens, cache_folder: Path) -> Hearing:
    """The Hearing of `audio`, from the cache where the same samples were heard with the same ears before."""
    file = cache_folder / f"hearings-{FORMAT}" / f"{_content_of(audio, ears)}.heard"
    found = _read(file)
    if found is not None:
        return found
    hearing = hear_recording(audio, ears)
    content = _packed(hearing)
    with replacing(file) as temporary:
        temporary.write_bytes(hashlib.sha256(content).digest() + content)
    return hearing


def _content_of(audio: Audio, ears: Listens) -> str:
    about = f"{ears_key(ears)} {audio.sample_rate_hz} {audio.samples.shape[0]} "
    content = hashlib.sha256(about.encode())
    content.update(np.ascontiguousarray(audio.samples).data)
    return content.hexdigest()


def _read(file: Path) -> Hearing | None:
    try:
        whole = file.read_bytes()
    except OSError:
        return None
    expected, content = whole[:SUM_BYTES], whole[SUM_BYTES:]
    return _unpacked(content) if hashlib.sha256(content).digest() == expected else None


def _packed(hearing: Hearing) -> bytes:
    fields = asdict(hearing)
    arrays = {name: value for name, value in fields.items() if isinstance(value, np.ndarray)}
    facts = {name: value for name, value in fields.items() if name not in arrays}
    packed = io.BytesIO()
    np.savez(packed, **arrays | {FACTS: np.array(json.dumps(facts))})
    return packed.getvalue()


def _unpacked(content: bytes) -> Hearing:
    with np.load(io.BytesIO(content), allow_pickle=False) as packed:
        arrays = {name: packed[name] for name in packed.files}
    facts = json.loads(str(arrays.pop(FACTS)))
    key, loudness = facts.pop("key"), facts.pop("loudness")
    return Hearing(key=None if key is None else Key(**key), loudness=Loudness(**loudness), **facts, **arrays)
