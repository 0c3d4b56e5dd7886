"""Scorecard and white space of markets, by a slow twin on random data."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics.tables import markets
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
