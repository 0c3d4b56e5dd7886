"""Squares per customer equal plain loops in exact numbers, however the lines are cut."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from analytics import lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters
from analytics.lines import BUYERS, MOMENTS, PARTS, Worth, by_customer, moments, wide
from analytics.lines.engine import Partition
from analytics.lines.moments import FINE
from analytics.lines.shape import cuts
from tests import twins
from tests.random_data import datasets, views

SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
WIDE = st.integers(-(2**62), 2**62)


def worths(data: Dataset) -> list[Worth]:
    out = [Worth(("revenue",)), Worth(("units",)), Worth(("lines",))]
    if data.has("cost"):
        out += [Worth(("revenue",), ("cost",)), Worth(("revenue",), ("cost",), ("revenue",), (0.28, 0.31))]
    if data.has("discount"):
        out.append(Worth(("discount",), (), ("revenue", "discount"), (0.07, 0.05)))
    return out


def amount(row: dict[str, Any], names: tuple[str, ...]) -> int:
    return sum({"units": row["quantity"], "lines": 1}.get(name) or row.get(name, 0) for name in names)


def twin(data: Dataset, filters: Filters, keys: tuple[str, ...], worth: Worth) -> dict[Any, dict[str, Any]]:
    """Key -> MOMENTS and customers, summed customer by customer."""
    part: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    whole: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    plain: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for row in twins.lines_of(data):
        who = row["customer"] if row["customer"] is not None else ("order", row["order"])
        key = tuple(row["shown"][name] if name in data.segments else row[name] for name in keys)
        value = amount(row, worth.plus) - amount(row, worth.less)
        beyond = [value, value]
        if worth.per:
            beyond = [value * FINE - int(np.rint(rate * FINE * amount(row, worth.per))) for rate in worth.rates]
        for side, period in enumerate((filters.period, filters.base)):
            if period and period.start <= row["day"] <= period.end and twins.kept_row(row, filters.where):
                part[key, who][side] += beyond[side]
                plain[key][side] += amount(row, worth.plus) - amount(row, worth.less)
                plain[key][2 + side] += amount(row, worth.per)
                plain[key][4] += 1
                whole[who][side] += beyond[side]
    out: dict[Any, dict[str, Any]] = defaultdict(lambda: dict.fromkeys([*PARTS, *MOMENTS, "lines", "customers"], 0))
    for (key, who), (x, y) in part.items():
        every, every_base = whole[who]
        products = (x * x, x * y, y * y, x * every, x * every_base + y * every, y * every_base)
        for name, product in zip(MOMENTS, products, strict=True):
            out[key][name] += product
        out[key]["customers"] += 1
    scale = MONEY_SCALE if "revenue" in worth.plus or "discount" in worth.plus else 1
    for key, (*parts, count) in plain.items():
        out[key] |= {"lines": count, **{n: pytest.approx(v / scale) for n, v in zip(PARTS, parts, strict=True)}}
    own = scale * FINE if worth.per else scale
    for row in out.values():
        for name in MOMENTS:
            row[name] = pytest.approx(float(Fraction(row[name], own * own)), rel=1e-14)
    return dict(out)


@given(st.data())
@SLOW
def test_squares_are_summed_by_customer(draw: st.DataObject) -> None:
    data = draw.draw(datasets())
    filters, _ = draw.draw(views(data))
    worth = draw.draw(st.sampled_from(worths(data)))
    names = st.lists(st.sampled_from(sorted(data.members)), min_size=1, max_size=2, unique=True)
    asked = [tuple(draw.draw(names)) for _ in range(2)]
    found = lines.squares(data, filters, asked, worth)
    for keys in asked:
        rows = {tuple(row.pop(name) for name in keys): row for row in found.by[keys].to_dicts()}
        assert rows == twin(data, filters, keys, worth)
    whole = twin(data, filters, (), worth)
    expected = [whole[()][name] for name in MOMENTS[:3]] if whole else [0.0, 0.0, 0.0]
    assert list(found.whole) == expected


@given(st.data())
@SLOW
def test_it_does_not_matter_how_lines_are_cut_or_keys_numbered(draw: st.DataObject) -> None:
    data = draw.draw(datasets())
    filters, _ = draw.draw(views(data))
    assume(filters.base is not None)
    names = sorted(data.members)
    ask = moments.Ask(filters, draw.draw(st.sampled_from(worths(data))), ((names[0],), tuple(names[:2])))
    whole = [moments.work(Partition(data, cut), ask) for cut in cuts(data.lines, 10**6, 10**6)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(by_customer, "DENSE", draw.draw(st.sampled_from([0, by_customer.DENSE])))
        small = [moments.work(Partition(data, cut), ask) for cut in cuts(data.lines, 1, 1)]
    expected = moments.finish(data, ask, reduce(moments.merge, whole, {}))
    found = moments.finish(data, ask, reduce(moments.merge, draw.draw(st.permutations(small)), {}))
    assert found.whole == expected.whole
    for keys in ask.keys:
        assert found.by[keys].equals(expected.by[keys])


@given(st.lists(st.tuples(WIDE, WIDE), min_size=1, max_size=20))
def test_products_are_summed_exactly(pairs: list[tuple[int, int]]) -> None:
    high, low = np.zeros((2, 1), np.int64), np.zeros((2, 1), np.uint64)
    for n, (a, b) in enumerate(pairs):
        wide.add_product(high, low, n % 2, 0, a, b)
    upper, lower = wide.add(high[0], low[0], high[1], low[1])
    exact = sum(a * b for a, b in pairs)
    assert (int(upper[0]) << 64) + int(lower[0]) == exact
    assert wide.as_floats(upper, lower)[0] == pytest.approx(float(exact), rel=1e-15)


@pytest.mark.parametrize("size", [1 << 10, 1 << 27, (1 << 28) + 5, 1 << 40])
def test_sums_of_few_and_of_many_digits_are_exact(size: int) -> None:
    """Of customers whose products are summed in 64 bits, so many that these would overflow, and of larger ones."""
    rng = np.random.default_rng(size)
    count, keys = 12_000, 3
    edges = np.concatenate([[0], np.cumsum(rng.integers(1, 4, count))])
    code = rng.integers(0, keys, edges[-1]).astype(np.uint32)
    now, base = (rng.integers(-size // 9, size // 3, edges[-1]) for _ in range(2))
    whole, whole_base = (np.add.reduceat(values, edges[:-1]) for values in (now, base))
    most = np.empty(count)
    wide.largest(edges, now, base, whole, whole_base, most)
    high, low = np.zeros((keys, len(MOMENTS)), np.int64), np.zeros((keys, len(MOMENTS)), np.uint64)
    counts = np.zeros((keys, 6), np.int64)
    lines = np.ones(edges[-1], np.int64)
    wide.add_customers(edges, code, lines, now, base, whole, whole_base, most, high, low, counts)
    expected = [[0] * len(MOMENTS) for _ in range(keys)]
    customers = [0] * keys
    for n in range(count):
        rows = range(edges[n], edges[n + 1])
        for key in {int(code[row]) for row in rows}:
            x, y = (sum(int(values[row]) for row in rows if code[row] == key) for values in (now, base))
            every, every_base = int(whole[n]), int(whole_base[n])
            products = (x * x, x * y, y * y, x * every, x * every_base + y * every, y * every_base)
            expected[key] = [have + more for have, more in zip(expected[key], products, strict=True)]
            customers[key] += 1
    found = [[(int(high[k, m]) << 64) + int(low[k, m]) for m in range(len(MOMENTS))] for k in range(keys)]
    assert found == expected
    assert counts[:, 0].tolist() == customers
    assert counts[:, 1].tolist() == np.bincount(code, minlength=keys).tolist()
    assert counts[:, 2].sum() == now.sum()


@given(st.data())
@SLOW
def test_new_customers_are_those_of_the_whole_period(draw: st.DataObject) -> None:
    """Whatever the time step, nothing is left over and no line of the base is lost."""
    data = draw.draw(datasets())
    filters, _ = draw.draw(views(data))
    rows = twins.lines_of(data)
    first = {customer: days[0] for customer, days in twins.order_days(rows).items()}
    found = lines.newcomers(data, filters)
    for name, period in (("revenue", filters.period), ("revenue_base", filters.base)):
        if period is None:
            assert found[name].to_list() == [None] * 3
            continue
        expected = dict.fromkeys(BUYERS, 0)
        for row in rows:
            if period.start <= row["day"] <= period.end and twins.kept_row(row, filters.where):
                who = row["customer"]
                kind = "not recorded" if who is None else "new" if first[who] >= period.start else "returning"
                expected[kind] += row["revenue"]
        assert dict(found.select(pl.col("buyer").cast(pl.String), name).iter_rows()) == expected
        assert found[name].sum() == (lines.sums(data, filters, ())[name].item() or 0)
