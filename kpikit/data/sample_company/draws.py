"""Random draws that come out the same on every machine, in every version of Python and numpy.

Everything is made from the uniform doubles of PCG64, whose stream numpy keeps; numpy's own normal, gamma and
choice may change between versions.
"""

from __future__ import annotations

import numpy as np

STREAMS = (
    "accounts",
    "orders",
    "refunds",
    "deals",
    "stages",
    "conversations",
    "costs",
    "quotas",
    "bulk",
    "names",
)


def stream(seed: int, table: str) -> np.random.Generator:
    """Open the stream of one table, so that a change in one table leaves the others as they are."""
    return np.random.Generator(np.random.PCG64([seed, STREAMS.index(table)]))


def normal(rng: np.random.Generator, size) -> np.ndarray:
    """Draw standard normal numbers (Box and Muller)."""
    radius = np.sqrt(-2 * np.log1p(-rng.random(size)))
    return radius * np.cos(2 * np.pi * rng.random(size))


def spread(rng: np.random.Generator, size, sigma: float) -> np.ndarray:
    """Draw lognormal factors with mean 1."""
    return np.exp(sigma * normal(rng, size) - sigma**2 / 2)


def waits(rng: np.random.Generator, size, shape: int = 3) -> np.ndarray:
    """Draw waiting times with mean 1, the more regular the larger the shape (Erlang)."""
    return sum(-np.log1p(-rng.random(size)) for _ in range(shape)) / shape


def pick(rng: np.random.Generator, weights, size=None) -> np.ndarray:
    """Draw positions with the given weights; a row of weights for each draw when they are two-dimensional."""
    edges = np.cumsum(np.asarray(weights, dtype=float), axis=-1)
    if edges.ndim == 1:
        return np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    return (edges <= (rng.random(len(edges)) * edges[:, -1])[:, None]).sum(axis=1)


def shuffled(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return 0 to n - 1 in random order."""
    return np.argsort(rng.random(n), kind="stable")


def weighted_sample(rng: np.random.Generator, weights: np.ndarray, k: int) -> np.ndarray:
    """Draw k positions without replacement, heavier ones more often (exponential keys)."""
    keys = -np.log1p(-rng.random(len(weights))) / np.maximum(weights, 1e-12)
    return np.sort(np.argsort(keys, kind="stable")[:k])
