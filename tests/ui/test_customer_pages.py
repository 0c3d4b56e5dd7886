"""The customer pages under every kind of dataset, filter and link, through the app itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from analytics.charts import columns as columns_charts
from analytics.charts import concentration as concentration_charts
from analytics.charts import customer as customer_charts
from analytics.charts import intervals
from analytics.charts import retention as retention_charts
from analytics.charts import segments as segments_charts
from analytics.charts import value as value_charts
from analytics.tables.segments.rfm import GROUPS
from data.store import store
from tests.small_datasets import LACKING
from tests.ui.test_pages import tiles
from tests.ui.visits import opened, text

SEGMENTS, RETENTION, VALUE, CUSTOMER = (f"pages/{name}.py" for name in ("segments", "retention", "value", "customer"))
OVERVIEWS = (SEGMENTS, RETENTION, VALUE)


def titles(app: AppTest) -> str:
    return " ".join(one.value for one in app.markdown)


@pytest.mark.parametrize("page", OVERVIEWS)
@pytest.mark.parametrize("preset", ["all", "ytd", "last_30_days"])
def test_opens_on_the_demo(app: AppTest, page: str, preset: str) -> None:
    opened(app, page, preset=preset)
    assert "Counts every order from 1 Jul 2023 to 17 Jun 2026" in text(app)


@pytest.mark.parametrize("page", [*OVERVIEWS, CUSTOMER])
@pytest.mark.parametrize("dataset", LACKING)
def test_each_dataset_opens_every_page(app: AppTest, page: str, dataset: str) -> None:
    opened(app, page, dataset=dataset, preset="all")
    assert ("customer ids" in text(app)) == (dataset == "without_customers")


@pytest.mark.parametrize("page", OVERVIEWS)
def test_an_empty_result_says_which_filter_to_widen(app: AppTest, page: str) -> None:
    opened(
        app, page, dataset="whole", preset="custom", period=["2024-01-03", "2024-01-03"], product="Apple",
        gender="F", country="Japan",
    )  # fmt: skip
    assert not app.metric
    assert "Remove one of these filters" in app.info[0].value


@pytest.mark.parametrize("page", OVERVIEWS)
@pytest.mark.parametrize("compare", ["none", "previous_period", "weekday"])
@pytest.mark.parametrize("grain", ["day", "quarter", "year"])
def test_every_comparison_and_grain(app: AppTest, page: str, compare: str, grain: str) -> None:
    opened(app, page, dataset="whole", preset="ytd", compare=compare, grain=grain, channel="Web")
    assert "Only orders within the filters (Sales channel) count" in text(app)


def test_switches_of_other_pages_keep_their_choice(app: AppTest) -> None:
    opened(app, metric="orders", grain="quarter", dataset="whole", preset="all")
    app.switch_page(SEGMENTS).run()
    app.run()
    app.switch_page("pages/sales_performance.py").run()
    assert app.selectbox(key="metric").value == "orders"


def test_segments_add_up(app: AppTest) -> None:
    opened(app, SEGMENTS, dataset="whole", preset="all")
    frames = [one.value for one in app.dataframe]
    groups = next(pl.from_pandas(frame) for frame in frames if "group" in frame.columns and "share" in frame.columns)
    assert groups["group"].to_list() == list(GROUPS)
    assert f"{groups['customers'].sum():,}" == tiles(app)["Customers scored"]
    assert groups["share"].sum() == pytest.approx(1)


def test_each_group_lists_its_customers(app: AppTest) -> None:
    opened(app, SEGMENTS, dataset="demo")
    for group in ("Champions", "Lost"):
        app.button_group(key="rfm_group").set_value(group).run()
        assert not app.exception
        assert rf"**Action list\: {group}**" in titles(app)


def test_the_bridge_leaves_nothing_and_lists_its_bars(app: AppTest) -> None:
    opened(app, RETENTION, dataset="demo")
    assert re.search(r"\\\$0\.00 is left over", titles(app))
    for step in ("new", "unchanged"):
        app.button_group(key="bridge_step").set_value(step).run()
        assert not app.exception
    assert r"**Customers in the bridge\: unchanged**" in titles(app)


@pytest.mark.parametrize("measure", ["revenue", "orders"])
@pytest.mark.parametrize("by", ["category", "country", "gender"])
def test_cohorts_by_everything(app: AppTest, measure: str, by: str) -> None:
    opened(app, RETENTION, dataset="demo", preset="all", grain="quarter")
    app.button_group(key="cohort_measure").set_value(measure).run()
    app.selectbox(key="cohorts_by").set_value(by).run()
    app.selectbox(key="waiting_by").set_value(by).run()
    app.selectbox(key="first_by").set_value(by).run()
    assert not app.exception
    assert "by first " in titles(app)


def test_values_are_shown_where_the_model_earned_it(app: AppTest) -> None:
    opened(app, VALUE, dataset="demo")
    assert "smaller than that of the customer's own frequency" in app.warning[0].value
    assert "too much revenue" in app.warning[0].value
    assert "Expected revenue" in tiles(app)
    before = tiles(app)["Expected revenue"]
    app.button_group(key="value_horizon").set_value(365).run()
    assert tiles(app)["Expected revenue"] != before
    app.selectbox(key="value_by").set_value("country").run()
    assert not app.exception


def test_too_little_data_is_told_and_the_gap_rule_used(app: AppTest) -> None:
    opened(app, VALUE, dataset="whole", preset="all")
    assert "500 paying customers are needed, there are 60" in app.warning[0].value
    assert "**Active, slipping and lapsed by the gap rule**" in titles(app)
    assert "Expected revenue" not in tiles(app)


def test_a_customer_is_found_and_shown(app: AppTest) -> None:
    opened(app, CUSTOMER, dataset="whole")
    assert "Search for a customer" in app.info[0].value
    app.text_input(key="customer_search").set_value("name 12").run()
    assert app.dataframe[0].value["customer_id"].to_list() == ["c12"]
    app.text_input(key="customer_search").set_value("nobody at all").run()
    assert "No customer's name or id holds" in text(app)


def of_customer(app: AppTest, customer: str, **query: str) -> AppTest:
    """The page of a customer by its link."""
    opened(app, CUSTOMER, **query)
    app.query_params["customer"] = customer
    app.run()
    assert not app.exception
    return app


def test_a_customer_by_link(app: AppTest) -> None:
    of_customer(app, "c12", dataset="whole")
    assert "Name" in app.subheader[0].value
    assert {"Net revenue", "Orders", "Last order", "Usual gap", "By the gap rule"} <= set(tiles(app))
    lines = next(one.value for one in app.dataframe if "order_id" in one.value.columns)
    data = store.load("whole")
    code = data.customers["customer_id"].to_list().index("c12")
    own = data.lines.filter(pl.col("customer") == code).collect()
    assert len(lines) == own.height
    assert tiles(app)["Orders"] == str(own["order"].n_unique())


@pytest.mark.parametrize("customer", ["c999", "", "'; --"])
def test_an_unknown_customer_is_said_so(app: AppTest, customer: str) -> None:
    of_customer(app, customer, dataset="whole")
    assert not app.metric
    assert app.info or "is not in" in app.warning[0].value


def test_a_segment_is_saved_filters_every_page_and_is_forgotten(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tests import small_datasets

    small_datasets.publish(tmp_path)
    monkeypatch.setenv("SALES_HOME", str(tmp_path))
    monkeypatch.setenv("SALES_WRITE", "1")
    opened(app, SEGMENTS, dataset="whole", preset="all")
    everybody = int(tiles(app)["Customers scored"])
    app.multiselect(key="segment_groups").set_value(["Champions", "Loyal"]).run()
    app.text_input(key="segment_name").set_value("Best *ones*").run()
    next(button for button in app.button if button.label == "Save segment").click().run()
    assert not app.exception
    assert "Saved as" in text(app)
    chosen = int(tiles(app)["Champions, Loyal"])
    app.selectbox(key="segment").set_value("Best *ones*").run()
    assert not app.exception
    assert int(tiles(app)["Customers scored"]) == chosen < everybody
    app.switch_page("pages/customer_insights.py").run()
    assert int(tiles(app)["Customers"]) == chosen
    assert "Saved segment Best" in app.caption[0].value
    app.switch_page(SEGMENTS).run()
    app.selectbox(key="segment").set_value("").run()
    next(button for button in app.button if button.label == "Delete").click().run()
    assert not app.exception
    assert not [box for box in app.selectbox if box.key == "segment"]
    assert int(tiles(app)["Customers scored"]) == everybody


def test_a_segment_without_a_name_is_asked_for_one(app: AppTest) -> None:
    opened(app, SEGMENTS, dataset="whole", preset="all")
    next(button for button in app.button if button.label == "Save segment").click().run()
    assert "Give the segment a name" in text(app)


def test_an_unknown_segment_in_a_link_is_named(app: AppTest) -> None:
    opened(app, dataset="whole", segment="Nobody's")
    assert "Nobody's" in app.warning[0].value


def test_insights_show_concentration_and_lead_on(app: AppTest) -> None:
    opened(app, "pages/customer_insights.py", dataset="demo")
    assert "**Concentration of revenue**" in titles(app)
    assert "Gini" in titles(app)
    for question, title in (("order_counts", "Orders per customer"), ("gaps", "Days between purchases")):
        app.button_group(key="spread").set_value(question).run()
        assert not app.exception
        assert f"**{title}**" in titles(app)


def test_specs_carry_no_data_and_are_built_once() -> None:
    builders: list[Any] = [
        segments_charts.grid,
        segments_charts.flow,
        retention_charts.grid,
        intervals.times,
        concentration_charts.lorenz,
        customer_charts.scores,
    ]
    for build in builders:
        assert build() is build()
        assert "data" not in build()
        assert "datasets" not in build()
    for build in (retention_charts.curves, intervals.ranges, columns_charts.columns, value_charts.backtest):
        assert build("x") is build("x")
        assert "datasets" not in build("x")
