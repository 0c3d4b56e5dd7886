"""Dimensions: the registry, words for any other column, hierarchies and the names that attributes may not have."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import dimensions
from analytics.dataset import GEOGRAPHY, MEASURE_COLUMNS, PRODUCT_LEVELS, Dataset
from analytics.dimensions import DIMENSIONS, HIERARCHIES, RESERVED, segment_name
from analytics.metrics import METRICS


def dataset(*names: str, segments: tuple[str, ...] = ()) -> Dataset:
    day = date(2022, 6, 30)
    members = dict.fromkeys((*names, *segments), ("a",))
    empty = pl.DataFrame()
    return Dataset("d", "1", "Bikes Ltd", "USD", empty.lazy(), empty, empty, None, None, day, day, members, segments)


BIKES = dataset(
    "product", "category", "country", "continent", "channel", segments=("marital_status", "customer_country")
)


def test_rows_are_well_formed() -> None:
    assert set(GEOGRAPHY) | set(PRODUCT_LEVELS) < set(DIMENSIONS)
    for name, row in DIMENSIONS.items():
        assert row.name == name
        assert row.label[0].isupper()
        assert row.plural == row.plural.lower() != row.label.lower()
        assert bool(row.hierarchy) == any(name in levels for levels in HIERARCHIES.values())
        assert not row.hierarchy or name in HIERARCHIES[row.hierarchy]
    assert len({row.label for row in DIMENSIONS.values()}) == len(DIMENSIONS)


def test_all_dimensions_of_a_dataset_in_order() -> None:
    shown = dimensions.dimensions(BIKES)
    assert [row.name for row in shown] == [
        "continent", "country", "category", "product", "channel", "marital_status", "customer_country",
    ]  # fmt: skip
    assert dimensions.labels(BIKES)["marital_status"] == "Marital status"
    assert dimensions.labels(BIKES)["country"] == "Country"
    assert {row.name: row.table for row in shown} == {
        "continent": "lines", "country": "lines", "category": "products", "product": "products", "channel": "lines",
        "marital_status": "customers", "customer_country": "customers",
    }  # fmt: skip


def test_a_dimension_that_the_data_lacks() -> None:
    with pytest.raises(KeyError, match="Bikes Ltd has no dimension 'region'; it has product, category"):
        dimensions.dimension("region", BIKES)


def test_an_attribute_named_like_a_known_dimension_is_an_attribute() -> None:
    row = dimensions.dimension("channel", dataset(segments=("channel",)))
    assert (row.label, row.table) == ("Channel", "customers")


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("marital_status", "Marital status"),
        ("MaritalStatus", "Marital status"),
        ("education", "Education"),
        ("VIP", "VIP"),
        ("is_VIP", "Is VIP"),
        ("customer_country", "Customer country"),
        ("income-band", "Income band"),
        ("_", ""),
    ],
)
def test_words(column: str, words: str) -> None:
    assert dimensions.words(column) == words


def test_plurals_of_other_dimensions() -> None:
    data = dataset("brand", segments=("VIP",))
    assert dimensions.dimension("brand", data).plural == "brand groups"
    assert dimensions.dimension("VIP", data).plural == "VIP groups"


def test_levels_and_others() -> None:
    assert dimensions.levels(BIKES, "geography") == ("continent", "country")
    assert dimensions.levels(BIKES, "product") == ("category", "product")
    assert dimensions.others(BIKES) == ("channel",)
    with pytest.raises(KeyError):
        dimensions.levels(BIKES, "time")


def test_what_lies_inside() -> None:
    assert dimensions.finer("continent") == ("country", "region")
    assert dimensions.finer("subcategory") == ("product",)
    assert dimensions.finer("product") == dimensions.finer("channel") == ()
    assert dimensions.set_free_by("country") == ("country", "region")
    assert dimensions.set_free_by("gender") == ("gender",)


@pytest.mark.parametrize(
    "column",
    ["dataset", "preset", "period", "compare", "compare_period", "grain", "metric", "embed", "embed_options",
     "continent", "country", "region", "category", "subcategory", "product", *METRICS, *MEASURE_COLUMNS],
)  # fmt: skip
def test_reserved_names_get_a_prefix(column: str) -> None:
    assert segment_name(column) == f"customer_{column}"


def test_other_names_stay() -> None:
    assert segment_name("gender") == "gender"
    assert segment_name("country", taken=["customer_country"]) == "customer_customer_country"
    assert segment_name("revenue_base") == "customer_revenue"


@given(st.lists(st.sampled_from(["country", "customer_country", "name", "gender", "x_base", "x"]), max_size=6))
@settings(max_examples=60, deadline=None)
def test_names_are_free_and_unique(columns: list[str]) -> None:
    names: list[str] = []
    for column in columns:
        names.append(segment_name(column, names))
    assert len(set(names)) == len(names)
    assert not set(names) & RESERVED
