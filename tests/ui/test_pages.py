"""Every page under every kind of dataset and link, through the app itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.metrics import METRICS
from tests.small_datasets import LACKING
from tests.ui.visits import opened

PAGES = ("pages/sales_performance.py", "pages/customer_insights.py")
SALES_TILES = ["revenue", "profit", "margin", "orders", "customers", "units", "aov", "return_rate"]


def tiles(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize("page", PAGES)
def test_opens_on_the_demo(app: AppTest, page: str) -> None:
    opened(app, page)
    assert len(app.metric) == 8
    assert app.selectbox(key="dataset").value == "demo"
    assert app.selectbox(key="preset").value == "last_12_months"
    assert app.selectbox(key="compare").value == "previous_year"
    assert "compared with 18 Jun 2024 – 17 Jun 2025 (365 days)" in app.caption[0].value


def test_a_tile_bears_its_metric_label_and_definition(app: AppTest) -> None:
    opened(app)
    assert [metric.label for metric in app.metric] == [METRICS[name].label for name in SALES_TILES]
    assert all(
        metric.help.startswith(METRICS[name].sentence) for metric, name in zip(app.metric, SALES_TILES, strict=True)
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("dataset", LACKING)
def test_each_dataset_opens_every_page(app: AppTest, page: str, dataset: str) -> None:
    opened(app, page, dataset=dataset, preset="all")
    assert app.selectbox(key="dataset").value == dataset
    shown = tiles(app)
    assert ("Profit" in shown) == (page == PAGES[0] and dataset != "without_cost")
    assert ("Customers" in shown) == (dataset != "without_customers")
    hidden = " ".join(caption.value for caption in app.caption)
    assert ("a cost column" in hidden) == (page == PAGES[0] and dataset == "without_cost")
    assert ("customer ids" in hidden) == (dataset == "without_customers")


@pytest.mark.parametrize("page", PAGES)
def test_a_narrow_filter_changes_the_numbers(app: AppTest, page: str) -> None:
    opened(app, page, dataset="whole", preset="all")
    before = tiles(app)["Revenue"]
    app.multiselect(key="country").set_value(["France"]).run()
    assert not app.exception
    assert tiles(app)["Revenue"] != before
    assert app.button(key="chip_country").label.startswith("Country: France")
    app.button(key="chip_country").click().run()
    assert app.multiselect(key="country").value == []
    assert tiles(app)["Revenue"] == before


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_result_says_which_filter_to_widen(app: AppTest, page: str) -> None:
    opened(
        app,
        page,
        dataset="whole",
        preset="custom",
        period=["2024-01-03", "2024-01-03"],
        product="Apple",
        gender="F",
        country="Japan",
    )
    assert not app.metric
    assert "Country" in app.info[0].value
    assert "Remove one of these filters" in app.info[0].value


@pytest.mark.parametrize("page", PAGES)
def test_unknown_values_of_a_link_are_named_and_ignored(app: AppTest, page: str) -> None:
    opened(
        app, page, dataset="whole", country=["France", "Lemuria"], metric="happiness", grain="aeon", preset="yesterday"
    )
    assert app.multiselect(key="country").value == ["France"]
    assert app.selectbox(key="metric").value == "revenue"
    said = app.warning[0].value
    for name in ("Lemuria", "happiness", "aeon", "yesterday"):
        assert name in said
    app.multiselect(key="country").set_value(["Germany"]).run()
    assert not app.warning


def test_unknown_dataset_falls_back_and_is_named(app: AppTest) -> None:
    opened(app, dataset="nobody")
    assert app.selectbox(key="dataset").value == "demo"
    assert "nobody" in app.warning[0].value


def test_page_change_keeps_the_filters(app: AppTest) -> None:
    opened(app, dataset="whole", preset="all", country="France")
    revenue = tiles(app)["Revenue"]
    app.switch_page(PAGES[1]).run()
    assert app.multiselect(key="country").value == ["France"]
    assert tiles(app)["Revenue"] == revenue


def test_lists_narrow_one_another(app: AppTest) -> None:
    opened(app, dataset="whole", preset="all")
    app.multiselect(key="continent").set_value(["Asia"]).run()
    assert app.multiselect(key="country").options == ["Atlantis", "Japan"]
    assert app.multiselect(key="region").options == ["Deep", "Kanto"]
    app.multiselect(key="country").set_value(["Japan"]).run()
    app.multiselect(key="continent").set_value(["Europe"]).run()
    assert not app.exception
    assert app.multiselect(key="country").value == []
    assert "Japan" in app.warning[0].value


def test_reset_goes_back_to_the_defaults(app: AppTest) -> None:
    opened(app, dataset="whole", preset="all", compare="none", country="France", gender="F")
    reset = next(button for button in app.button if button.label == "Reset filters")
    reset.click().run()
    assert not app.exception
    assert app.multiselect(key="country").value == app.multiselect(key="gender").value == []
    assert app.selectbox(key="preset").value == "last_12_months"
    assert app.selectbox(key="compare").value == "previous_year"


def test_typed_dates_make_the_period_custom(app: AppTest) -> None:
    from datetime import date

    opened(app, dataset="whole")
    app.date_input(key="period").set_value((date(2025, 1, 1), date(2025, 3, 31))).run()
    assert app.selectbox(key="preset").value == "custom"
    assert "1 Jan – 31 Mar 2025 (90 days)" in app.caption[0].value
    app.date_input(key="period").set_value((date(2025, 2, 1),)).run()
    assert not app.exception
    assert "1 Jan – 31 Mar 2025 (90 days)" in app.caption[0].value


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_turns_the_page(app: AppTest, metric: str) -> None:
    opened(app, preset="ytd", metric=metric)
    assert app.selectbox(key="metric").value == metric


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("grain", ["day", "week", "quarter", "year"])
def test_every_grain(app: AppTest, page: str, grain: str) -> None:
    opened(app, page, grain=grain, preset="all")


def test_a_segment_named_like_a_widget_gets_a_prefix(app: AppTest) -> None:
    opened(app, PAGES[1], dataset="whole", preset="all", customer_metric="x")
    assert app.multiselect(key="customer_metric").value == ["x"]


def test_no_stack_trace_reaches_the_browser() -> None:
    config = (Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml").read_text()
    assert 'showErrorDetails = "none"' in config
