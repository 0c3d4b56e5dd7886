"""The layout of a few rows, by hand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from analytics.dataset import NOT_RECORDED
from data.errors import DataError
from tests.data.building.random_rows import SCHEMA, built


def test_hierarchy_labels_by_hand() -> None:
    places = [("Europe", "Georgia"), ("America", "Georgia"), ("Europe", None), ("America", None), (None, None)]
    base = {"ordered_on": date(2024, 1, 1), "product_id": "1", "quantity": 1, "revenue": 1, "cost": 0}
    rows = [
        {**dict.fromkeys(SCHEMA), **base, "order_id": str(number), "continent": continent, "country": country}
        for number, (continent, country) in enumerate(places)
    ]
    members = built(rows).dataset().members
    assert members["continent"] == ("America", "Europe", NOT_RECORDED)
    assert members["country"] == (
        *("Georgia · America", "Not recorded · America", "Georgia · Europe", "Not recorded · Europe", NOT_RECORDED),
    )
    assert members["product"] == ("1",)


def test_same_product_name_gets_its_number() -> None:
    base = {**dict.fromkeys(SCHEMA), "ordered_on": date(2024, 1, 1), "quantity": 1, "revenue": 1, "cost": 0}
    rows = [{**base, "order_id": "1", "product_id": number, "product": "Cup"} for number in ("7", "8")]
    assert built(rows).dataset().members["product"] == ("Cup · #7", "Cup · #8")


def test_a_returned_place_that_could_be_two_is_an_error() -> None:
    base = {**dict.fromkeys(SCHEMA), "ordered_on": date(2024, 1, 1), "quantity": 1, "revenue": 1, "cost": 0}
    rows = [
        {**base, "order_id": place, "product_id": "1", "continent": place, "country": "Georgia"} for place in ("E", "A")
    ]
    returns = pl.DataFrame(
        {"returned_on": [date(2024, 1, 2)], "product_id": ["1"], "quantity": [1], "amount": [1], "country": ["Georgia"]}
    )
    with pytest.raises(DataError, match="The returns name Georgia, which lies in several places of the lines"):
        built(rows, returns=returns)


def test_without_lines_there_is_no_dataset() -> None:
    with pytest.raises(DataError, match="No order lines are left to show"):
        built([])
