"""The sums, pairs, baskets and lives of the lines equal plain loops on random data under random filters."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters
from analytics.lines import ADDITIVE
from analytics.periods import Period
from tests import twins
from tests.random_data import datasets, examples, views

SLOW = examples(50)


def kept(data: Dataset, filters: Filters, period: Period) -> list[dict[str, Any]]:
    rows = twins.lines_of(data)
    return [row for row in rows if period.start <= row["day"] <= period.end and twins.kept_row(row, filters.where)]


def measured(data: Dataset, rows: list[dict[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {"lines": len(rows), "units": sum(row["quantity"] for row in rows)}
    out["revenue"] = sum(row["revenue"] for row in rows)
    for name in ("discount", "cost"):
        out[name] = sum(row[name] for row in rows) if data.has(name) else None
    return out


def key_of(row: dict[str, Any], by: list[str], data: Dataset) -> tuple[Any, ...]:
    shown = row["shown"]
    return tuple(row["day"].replace(day=1) if n == "month" else shown[n] if n in data.segments else row[n] for n in by)


@given(st.data())
@SLOW
def test_sums(draw: st.DataObject) -> None:
    data = draw.draw(datasets())
    filters, _ = draw.draw(views(data))
    names = draw.draw(st.lists(st.sampled_from([*sorted(data.members), "month", "day"]), max_size=3, unique=True))
    found = lines.sums(data, filters, names)
    now: dict[Any, list[Any]] = defaultdict(list)
    base: dict[Any, list[Any]] = defaultdict(list)
    compared = filters.base is not None and not {"month", "day"} & set(names)
    for row in kept(data, filters, filters.period):
        now[key_of(row, names, data)].append(row)
    if compared and filters.base:
        for row in kept(data, filters, filters.base):
            base[key_of(row, names, data)].append(row)
    keys = {*now, *base} if names else {()}
    rows = found.to_dicts()
    assert {tuple(row[n] for n in names) for row in rows} == keys
    assert len(rows) == len(keys)
    for row in rows:
        key = tuple(row[n] for n in names)
        want = measured(data, now[key])
        want |= {f"{n}_base": v if compared else None for n, v in measured(data, base[key]).items()}
        assert {name: row[name] for name in want} == want


@given(st.data())
@SLOW
def test_pairs(draw: st.DataObject) -> None:
    data = draw.draw(datasets())
    filters, _ = draw.draw(views(data))
    level = draw.draw(st.sampled_from([n for n in ("product", "subcategory", "category") if n in data.members]))
    least = draw.draw(st.integers(1, 3))
    baskets: dict[int, set[str]] = defaultdict(set)
    buyer: dict[int, Any] = {}
    for row in kept(data, filters, filters.period):
        baskets[row["order"]].add(row[level])
        buyer[row["order"]] = row["customer"] if row["customer"] is not None else ("order", row["order"])
    found = lines.pairs(data, filters, level, least)
    assert found.orders == len(baskets)
    assert dict(found.items.iter_rows()) == Counter(item for basket in baskets.values() for item in basket)
    order = {member: n for n, member in enumerate(data.members[level])}
    by_buyer: dict[tuple[str, str], Counter[Any]] = defaultdict(Counter)
    for number, basket in baskets.items():
        for pair in combinations(sorted(basket, key=order.__getitem__), 2):
            by_buyer[pair][buyer[number]] += 1
    want = {pair: (times.total(), sum(n * n for n in times.values())) for pair, times in by_buyer.items()}
    assert {row[:2]: row[2:] for row in found.pairs.iter_rows()} == {p: n for p, n in want.items() if n[0] >= least}
    often = {item for item, n in found.items.iter_rows() if n >= least}
    assert found.often == len(often)
    assert dict(found.sizes.iter_rows()) == Counter(len(basket) for basket in baskets.values())


@pytest.mark.slow
@given(st.data())
@SLOW
def test_baskets(draw: st.DataObject) -> None:
    data = draw.draw(datasets(geography=True))
    level = draw.draw(st.sampled_from([n for n in ("product", "subcategory", "category") if n in data.members]))
    group = draw.draw(st.sampled_from(["country", "region", *data.segments]))
    filters, _ = draw.draw(views(data))
    people: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in kept(data, filters, filters.period):
        if group not in data.segments or row["customer"] is not None:
            who = row["customer"] if row["customer"] is not None else ("order", row["order"])
            people[who, row[group]].append(row)
    for row in lines.baskets(data, filters, group, level).to_dicts():
        mine = [rows for (_, member), rows in people.items() if member == row[group]]
        whole = [sum(r["revenue"] for r in rows) / MONEY_SCALE for rows in mine]
        part = [sum(r["revenue"] for r in rows if r[level] == row[level]) / MONEY_SCALE for rows in mine]
        assert row["orders"] == len({r["order"] for rows in mine for r in rows})
        assert row["customers"] == len(mine) > 0
        assert row["whole"] == pytest.approx(sum(whole))
        assert row["part"] == pytest.approx(sum(part))
        assert row["squares"] == pytest.approx(sum(p * p for p in part))
        assert row["cross"] == pytest.approx(sum(p * w for p, w in zip(part, whole, strict=True)))
        assert row["whole_squares"] == pytest.approx(sum(w * w for w in whole))


@given(st.data())
@SLOW
def test_lives_and_order_days(draw: st.DataObject) -> None:
    data = draw.draw(datasets())
    days: dict[str, set[Any]] = defaultdict(set)
    for row in twins.lines_of(data):
        days[row["product"]].add(row["day"])
    found = {row["product"]: row for row in lines.lives(data, data.last_day).to_dicts()}
    assert found.keys() == days.keys()
    for product, row in found.items():
        assert (row["first_day"], row["last_day"]) == (min(days[product]), max(days[product]))
        assert row["selling_days"] == len(days[product])
    placed = {row["order"]: row["day"] for row in twins.lines_of(data)}
    wanted = data.lines.select("order").collect()["order"]
    assert dict(lines.order_days(data, wanted).iter_rows()) == placed
    assert lines.on_days(data, (), [data.first_day], ("product",))["product"].select(ADDITIVE).height >= 1
