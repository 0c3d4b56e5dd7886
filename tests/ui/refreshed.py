"""A shop that is prepared anew under an open page."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from streamlit.testing.v1 import AppTest

from analytics.filters import Filters
from analytics.periods import Comparison, Period
from data.building import layout
from data.store import writing
from tests import small_datasets
from tests.ui import visits
from ui import queries
from ui.queries import VersionKey

ALWAYS = Filters(Period(date(2020, 1, 1), date(2030, 1, 1)), Comparison("none", None), ())
CUSTOMER = "c12"


def lines(earlier: int) -> pl.DataFrame:
    """The lines of the small shop, and those of some orders on the day before all others."""
    known = small_datasets.tables().lines
    assert isinstance(known, pl.DataFrame)
    more = known.filter(pl.col("order_id").is_in(known["order_id"].unique(maintain_order=True).head(earlier)))
    early = more.with_columns(
        pl.lit(date(2023, 12, 31)).alias("ordered_on"),
        (pl.lit("early ") + pl.col("order_id")).alias("order_id"),
        pl.lit("a0").alias("customer_id"),
    )
    return pl.concat([known, early])


def prepare(home: Path, *, earlier: int = 0, name: str = "shop") -> str:
    """Publish the shop with so many earlier orders; returns the version."""
    built = layout.build(layout.Tables(lines(earlier)), name=name, title="Shop", currency="EUR")
    version = writing.publish(name, built, home=home)
    queries.entries.clear()
    return version


def truth(earlier: int = 0) -> pl.DataFrame:
    """What the source says: order, day, product and money of each line."""
    return lines(earlier).select("order_id", pl.col("ordered_on").alias("day"), "product", "revenue").sort(pl.all())


def exported(source: VersionKey) -> pl.DataFrame:
    found = queries.exported_lines(source, ALWAYS, 10_000)
    money = (pl.col("revenue") * 10_000).round().cast(pl.Int64)
    return found.select("order_id", "day", pl.col("product").cast(pl.String), money).sort(pl.all())


def error(app: AppTest) -> str:
    """The one error on the page, as people read it."""
    (shown,) = app.error
    return str(shown.value).replace("\\", "")


def opened(app: AppTest, page: str = visits.START, **query: Any) -> AppTest:
    """The app after a link to a page of the shop, with all its days, was followed."""
    return visits.opened(app, page, **{"dataset": "shop", "preset": "all", **query})
