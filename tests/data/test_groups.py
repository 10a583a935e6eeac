"""Rows in groups of one key, beside a plain twin."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest

from kpikit.data.reading.groups import group


def example(seed: int, kind: str) -> tuple[list[str | None], list[float]]:
    """Make keys that stand together and rise, stand together and fall, or lie about, and a few numbers."""
    dice = random.Random(seed)
    keys: list[str | None] = [str(100 + dice.randint(0, 6)) for _ in range(dice.randint(0, 30))]
    if kind == "long":
        keys = ["100"] * 100 + keys
    if kind != "about":
        keys.sort(reverse=kind == "falling")
    elif keys and seed % 2:
        keys[dice.randrange(len(keys))] = None
    return keys, [dice.choice([1.0, 2.0, float("nan")]) for _ in keys]


@pytest.mark.parametrize("kind", ["rising", "falling", "about", "long"])
@pytest.mark.parametrize("seed", range(40))
def test_groups_are_those_of_a_plain_loop(kind, seed):
    keys, numbers = example(seed, kind)
    found = group(pd.Series(keys, dtype="str"))
    assert (found.starts is not None) == (None not in keys and keys == sorted(keys))
    same = [[one is not None and one == other for other in keys] for one in keys]
    for here, key in enumerate(keys):
        if key is None:
            assert found.codes[here] == -1
        else:
            assert found.first[here] == keys.index(key)
            assert [found.codes[here] == code for code in found.codes] == same[here]
    bits = np.array(numbers, dtype="float64").view("int64")
    pairs = list(zip(keys, bits.tolist(), strict=True))
    twins = [here for here, pair in enumerate(pairs) if pairs.count(pair) > 1]
    assert found.repeated(bits).tolist() == twins
    column = pd.Series(numbers, dtype="float64")
    wrong = [key is not None and bits[here] != bits[keys.index(key)] for here, key in enumerate(keys)]
    differs = found.differ(column)
    assert (differs is None) == (not any(wrong))
    assert differs is None or differs.tolist() == wrong
