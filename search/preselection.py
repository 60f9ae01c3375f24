"""Of a large library, the samples that a search chooses from: of every kind some, those first that sound most like the
recording."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import zip_longest

import numpy as np

from embedding.kernels import FloatArray
from search.arrangement import Sample

MOST_SAMPLES = 800
"""With 25 transpositions each this is about a gibibyte of atoms."""
MOST_WINDOWS = 24
SEMITONES_ALIKE = 4


def preselected(
    samples: Sequence[Sample],
    target_embeddings: FloatArray,
    similarity: Callable[[FloatArray, FloatArray], FloatArray],
    required: Callable[[Sample], bool],
    most: int = MOST_SAMPLES,
) -> list[Sample]:
    """At most so many of `samples`, in their order, and all that are `required`. In turn the nearest one of each kind
    is taken, then the second nearest: kinds differ in instrument, pitch, length, one-shot or loop. `target_embeddings`
    [W, d] are of the same ears as the samples', else all are equally near."""
    if len(samples) <= most:
        return list(samples)
    nearness = _nearness(samples, target_embeddings, similarity)
    kinds: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number in sorted(range(len(samples)), key=lambda n: (-nearness[n], samples[n].path)):
        kinds[_kind(samples[number])].append(number)
    ranked = [number for turn in zip_longest(*kinds.values()) for number in turn if number is not None]
    chosen = set(ranked[:most]) | {number for number, sample in enumerate(samples) if required(sample)}
    return [samples[number] for number in sorted(chosen)]


def _nearness(
    samples: Sequence[Sample],
    target_embeddings: FloatArray,
    similarity: Callable[[FloatArray, FloatArray], FloatArray],
) -> FloatArray:
    """[samples]: to the nearest of the recording's windows."""
    embeddings = np.stack([sample.embedding for sample in samples])
    nearness = np.zeros(len(samples), dtype=np.float32)
    if embeddings.shape[1] != target_embeddings.shape[1]:
        return nearness
    windows = target_embeddings[:: -(-len(target_embeddings) // MOST_WINDOWS)]
    for window in windows:
        np.maximum(nearness, similarity(np.broadcast_to(window, embeddings.shape), embeddings), out=nearness)
    return nearness


def _kind(sample: Sample) -> tuple[object, ...]:
    pitch = None if sample.pitch_midi is None else round(sample.pitch_midi / SEMITONES_ALIKE)
    return sample.instrument, pitch, sample.kind, round(math.log2(max(sample.seconds, 0.05)))
