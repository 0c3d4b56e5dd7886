"""AdventureWorks by its shipped recipe: the published numbers, straight from the prepared lines."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from analytics.dataset import MONEY_SCALE, NOT_RECORDED, Dataset
from data.prepare import PublishedDataset
from data.report import report


@pytest.fixture(scope="module")
def oracle(oracles: dict[str, Any]) -> dict[str, Any]:
    return dict(oracles["adventureworks_maven_2020_2022"])


@pytest.fixture(scope="module")
def lines(adventureworks_dataset: Dataset) -> pl.DataFrame:
    return adventureworks_dataset.lines.collect()


def _money(column: str) -> pl.Expr:
    return (pl.col(column).sum() / MONEY_SCALE).round(2)


def _figures() -> list[pl.Expr]:
    return [
        _money("revenue").alias("revenue"),
        ((pl.col("revenue").sum() - pl.col("cost").sum()) / MONEY_SCALE).round(2).alias("profit"),
        pl.col("order").n_unique().cast(pl.Int64).alias("orders"),
        pl.col("quantity").cast(pl.Int64).sum().alias("units"),
        pl.col("customer").n_unique().cast(pl.Int64).alias("customers"),
    ]


FIGURES = ("revenue", "profit", "orders", "units", "customers")


def test_totals(lines: pl.DataFrame, oracle: dict[str, Any]) -> None:
    assert lines.height == oracle["lines"]
    figures = lines.select(_figures()).row(0, named=True)
    assert figures == {
        "revenue": 24914586.82,
        "profit": 10457715.43,
        "orders": 25164,
        "units": 84174,
        "customers": 17416,
    }
    assert figures["customers"] == oracle["customers_buying"]
    assert (str(lines["day"].min()), str(lines["day"].max())) == (oracle["date_min"], oracle["date_max"])


SLICES = {
    "by_year": pl.col("day").dt.strftime("%Y"),
    "by_month": pl.col("day").dt.strftime("%Y-%m"),
    "by_continent": pl.col("continent").cast(pl.String),
    "by_country": pl.col("country").cast(pl.String),
    "by_region": pl.col("region").cast(pl.String),
    "by_category": pl.col("category").cast(pl.String),
    "by_subcategory": pl.format("{} / {}", pl.col("category"), pl.col("subcategory")),
    "by_gender": pl.col("gender").cast(pl.String).replace({"Female": "F", "Male": "M", NOT_RECORDED: "NA"}),
    "by_occupation": pl.col("occupation").cast(pl.String),
    "by_education": pl.col("education").cast(pl.String),
    "by_marital": pl.col("marital_status").cast(pl.String).replace({"Married": "M", "Single": "S"}),
    "by_homeowner": pl.col("homeowner").cast(pl.String).replace({"Yes": "Y", "No": "N"}),
    "by_children": pl.col("children").cast(pl.String),
}


@pytest.mark.parametrize("name", SLICES)
def test_every_slice(name: str, lines: pl.DataFrame, oracle: dict[str, Any]) -> None:
    found = {row["key"]: row for row in lines.group_by(SLICES[name].alias("key")).agg(_figures()).iter_rows(named=True)}
    assert set(found) == set(oracle[name])
    for key, expected in oracle[name].items():
        assert {figure: found[key][figure] for figure in FIGURES} == {figure: expected[figure] for figure in FIGURES}


def test_every_slice_of_the_oracle_is_tested(oracle: dict[str, Any]) -> None:
    assert {name for name in oracle if name.startswith("by_")} == set(SLICES)


@pytest.mark.parametrize("level", ["continent", "country", "region", "category", "subcategory"])
def test_returns_by_place_and_product(
    level: str, adventureworks_dataset: Dataset, lines: pl.DataFrame, oracle: dict[str, Any]
) -> None:
    returns = adventureworks_dataset.returns
    assert returns is not None
    assert returns.height == oracle["return_lines"]
    assert returns.schema[level] == lines.schema[level]
    key = SLICES[f"by_{level}"].alias("key")
    units = dict(returns.group_by(key).agg(pl.col("quantity").cast(pl.Int64).sum()).iter_rows())
    expected = {name: figures.get("returned_units", 0) for name, figures in oracle[f"by_{level}"].items()}
    assert units == {name: count for name, count in expected.items() if count}
    assert sum(units.values()) == oracle["returned_units"] == 1828


def test_returns_are_valued_at_list_price(adventureworks_dataset: Dataset) -> None:
    returns = adventureworks_dataset.returns
    assert returns is not None
    assert adventureworks_dataset.returns_valued == "list price"
    assert "customer" not in returns.columns
    # Revenue is list price x quantity here, so a product's list price is its revenue per unit.
    prices = (
        adventureworks_dataset.lines.group_by("product")
        .agg(price=pl.col("revenue").sum() // pl.col("quantity").cast(pl.Int64).sum())
        .collect()
    )
    valued = returns.join(prices, on="product")
    assert valued.height == returns.height
    assert (valued["amount"] == valued["quantity"].cast(pl.Int64) * valued["price"]).all()


def test_top_customers(adventureworks_dataset: Dataset, lines: pl.DataFrame, oracle: dict[str, Any]) -> None:
    best = lines.group_by("customer").agg(_figures()).sort("revenue", descending=True).head(10)
    people = adventureworks_dataset.customers
    for row, expected in zip(best.iter_rows(named=True), oracle["top10_customers"], strict=True):
        person = people.row(row["customer"], named=True)
        assert person["customer_id"] == str(expected["key"])
        assert person["name"] == expected["name"].title()
        assert (row["revenue"], row["orders"]) == (expected["revenue"], expected["orders"])


def test_top_products(lines: pl.DataFrame, oracle: dict[str, Any]) -> None:
    best = lines.group_by(pl.col("product").cast(pl.String)).agg(_figures()).sort("orders", descending=True).head(10)
    found = best.select("product", "orders", "revenue", "units").rows()
    top = oracle["top10_products_by_orders"]
    assert found == [(row["name"], row["orders"], row["revenue"], row["units"]) for row in top]


def test_customers_are_readable(adventureworks_dataset: Dataset, oracle: dict[str, Any]) -> None:
    people = adventureworks_dataset.customers
    assert people.height == oracle["customers_listed"] + 1
    assert people["name"][0] is None
    names = dict(people.select("customer_id", "name").iter_rows())
    assert names["11451"] == "Ruben Muñoz"  # from windows-1252
    assert adventureworks_dataset.members["income"][:2] == ("Under 20,000", "20,000 to under 40,000")
    assert adventureworks_dataset.members["income"][-1] == "120,000 and over"
    assert adventureworks_dataset.members["children"] == ("0", "1", "2", "3", "4", "5")
    assert adventureworks_dataset.segments == (
        *("gender", "marital_status", "homeowner", "children", "education", "occupation", "income"),
    )


def test_report(adventureworks: PublishedDataset) -> None:
    text = report(adventureworks.prepared)
    words = " ".join(text.split())
    assert "rows in 56,046 24,914,586.82 = kept as sales lines 56,046 24,914,586.82" in words
    assert "profit 10,457,715.43" in words
    assert "(at list price)" in text
    assert "AdventureWorks Sales Data 2022.csv (lines): 29,481 rows" in text
