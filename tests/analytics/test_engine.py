"""Reductions: a merge changes nothing that it was given, and no answer depends on how the lines are cut."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numba
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics import compiled, lines
from analytics.dataset import Dataset
from analytics.filters import Filters
from analytics.lines import Totals, accumulators, batch, engine, shape
from tests.random_data import datasets, examples, views

ROOT = Path(__file__).resolve().parents[2]

SLOW = examples(25)


def questions(data: Dataset, filters: Filters, grain: str) -> dict[str, Callable[[], Any]]:
    """Every reduction that runs over all lines, asked for what a page would."""
    where, until = filters.where, filters.period.end
    group = np.arange(data.customers.height) % 3 - 1
    dims = sorted(data.members)
    totals = [Totals(), Totals(("product", "bucket")), Totals((dims[0],)), Totals(("bucket", "buyer"))]
    asked: dict[str, Callable[[], Any]] = {
        "page": lambda: list(lines.page(data, filters, totals, grain=grain).values()),
        "customers": lambda: lines.customers(data, filters),
        "purchases": lambda: lines.purchases(data, where, until),
        "buyers": lambda: list(lines.buyers(data, where, until, dims, group).values()),
        "firsts": lambda: lines.firsts(data, "product"),
        "sums": lambda: lines.sums(data, filters, list(dict.fromkeys([dims[0], "product", "month"]))),
        "sums of all": lambda: lines.sums(data, filters, []),
        "on_days": lambda: lines.on_days(data, where, [data.first_day, data.last_day], ("product",))["product"],
        "pairs": lambda: vars(lines.pairs(data, filters, "product", 1)),
        "lives": lambda: lines.lives(data, until),
        "rows": lambda: lines.rows(data, filters, 7),
        "revenue": lambda: lines.revenue(data),
        "newcomers": lambda: lines.newcomers(data, filters),
        "squares": lambda: vars(lines.squares(data, filters, [("product",), (dims[0],)], lines.Worth(("revenue",)))),
        "unit_prices": lambda: lines.unit_prices(data, filters),
        "of_customer": lambda: lines.of_customer(data, 1),
        "order_days": lambda: lines.order_days(data, pl.Series([0, 1, 5])).sort("order"),
    }
    if data.segments:
        asked["baskets"] = lambda: lines.baskets(data, filters, data.segments[0], "product")
    return asked


def assert_equal(one: Any, other: Any) -> None:
    if isinstance(one, pl.DataFrame):
        assert_frame_equal(one, other, check_exact=True)
    elif isinstance(one, list | tuple):
        for mine, theirs in zip(one, other, strict=True):
            assert_equal(mine, theirs)
    elif isinstance(one, dict):
        assert one.keys() == other.keys()
        assert_equal(list(one.values()), list(other.values()))
    else:
        assert one == other


@pytest.mark.slow
@given(st.data())
@SLOW
def test_answers_do_not_depend_on_partitions_and_merges_change_nothing(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, grain = drawn.draw(views(data))
    whole = {name: ask() for name, ask in questions(data, filters, grain).items()}
    pieces = replace(data)
    merges = []

    def watched(partials: Any) -> Any:
        """What a fold gives, each merge with its arguments as they were before and are after it."""
        data_of, work, merge, ask = partials

        def merged(one: Any, other: Any) -> Any:
            before = pickle.dumps((one, other))
            found = merge(one, other)
            merges.append(before == pickle.dumps((one, other)))
            return found

        return plain_fold(data_of, work, merged, ask)

    plain_fold = engine.fold
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shape, "SLICE_ROWS", drawn.draw(st.integers(1, 8)))
        patch.setattr(shape, "SLICE_ROWS_HELD", shape.SLICE_ROWS)
        patch.setattr(batch, "BATCH_ROWS", drawn.draw(st.integers(1, 8)))
        patch.setattr(accumulators, "DENSE", drawn.draw(st.sampled_from((0, 40, accumulators.DENSE))))
        patch.setattr(engine, "fold", lambda *args: watched(args))
        for name, ask in questions(pieces, filters, grain).items():
            assert_equal(whole[name], ask())
    assert all(merges)
    assert merges or len(shape.shape(pieces).cuts) == 1


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    monkeypatch.setattr(numba.core.config, "CACHE_DIR", str(file / "cache"))
    monkeypatch.setattr(numba.core.config, "CACHE_LOCATOR_CLASSES", "UserProvidedCacheLocator")  # no folder but that

    def twice(values: Any) -> int:
        return int(2 * values.sum())

    made = compiled.kernel(numba.int64(compiled.new(compiled.NUMBERS)))(twice)
    assert made(np.arange(4)) == 12
    assert not made.stats.cache_path


@pytest.mark.parametrize("files", ["*.nbi", "*.nbc"])
def test_a_damaged_cache_costs_only_time(files: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import analytics.models.loops"]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    for _ in range(2):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found = list(tmp_path.rglob(files))
        assert found
        for file in found:
            os.truncate(file, file.stat().st_size // 2)
