"""Scorecard and white space of markets, by a slow twin on random data."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from analytics import lines
from analytics.dataset import Dataset
from analytics.filters import Filters, where
from analytics.models.shrinkage import ratio_variance
from analytics.tables import markets
from data.building.layout import Tables, build
from tests.random_data import datasets, examples, views


@given(st.data())
@examples(40)
def test_scorecard_and_white_space_on_random_data(draw: st.DataObject) -> None:
    data = draw.draw(datasets(geography=True))
    filters, _ = draw.draw(views(data))
    for name in markets.places(data):
        card = markets.scorecard(data, filters, name)
        assert card["member"].n_unique() == card.height
        for column in card.columns:
            if column.endswith("_rank"):
                ranks = card[column].drop_nulls()
                assert ranks.is_empty() or (ranks.min(), ranks.max() <= card.height) == (1, True)
        for level in ("category", "subcategory"):
            if level in data.members:
                gaps = markets.white_space(data, filters, name, level, "EUR")
                assert (gaps["money_low"] > 0).all()
                assert gaps["money"].is_sorted(descending=True)


def shop(sold: list[tuple[str, str, str, float]]) -> Dataset:
    """A day's lines of country, customer, category and money, an order each customer."""
    rows = [
        {"order_id": who, "ordered_on": date(2024, 5, 1), "customer_id": who, "product_id": kind, "product": kind,
         "category": kind, "continent": "Europe", "country": country, "quantity": 1, "revenue": round(money * 10_000)}
        for country, who, kind, money in sold
    ]  # fmt: skip
    return build(Tables(pl.DataFrame(rows)), name="x", title="x", currency="EUR").dataset()


def test_a_few_customers_leave_no_gap_beyond_chance() -> None:
    """What a market's only customer buys varies by nothing that could be seen; it was once surer than any other."""
    data = shop(
        [("France", "a", "Bread", 33.1), ("France", "a", "Wine", 44.6), ("Spain", "b", "Bread", 91.7),
         ("Spain", "c", "Bread", 12.3), ("Japan", "d", "Bread", 71.9), ("Japan", "d", "Wine", 141.1)]
    )  # fmt: skip
    assert markets.white_space(data, lines.history(data), "country", "category", "EUR").is_empty()


def test_one_observation_has_no_variance() -> None:
    draw = np.random.default_rng(1)
    whole = draw.uniform(1, 1e6, 200)
    part = whole * draw.uniform(0, 1, 200)
    assert not ratio_variance(part, whole, part**2, part * whole, whole**2).any()


def test_a_scorecard_under_its_own_filter_knows_the_best_tenth_of_all() -> None:
    data = shop([("France", "a", "Bread", 30.0), ("France", "b", "Bread", 10.0), ("Spain", "c", "Bread", 5.0)])
    every = lines.history(data)
    own = Filters(every.period, every.comparison, where({"country": ["Spain"]}))
    for filters in (every, own):
        card = markets.scorecard(data, filters, "country")
        assert dict(card.select("member", "concentration").iter_rows()) == {"France": 0.75, "Spain": 1.0}
    assert "concentration" not in markets.scorecard(data, every, "continent").columns
