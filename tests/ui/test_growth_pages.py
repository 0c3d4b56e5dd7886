"""The growth pages under every kind of dataset, and the demo's planted truths among their first findings."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.metrics import METRICS
from analytics.models.elasticity import Elasticity
from analytics.tables.drivers import findings as finding_tables
from data.generator import truths
from tests.small_datasets import LACKING
from tests.ui.visits import opened, text
from ui.content import drivers as drivers_content
from ui.content import prices as prices_content

PAGES = ("pages/drivers.py", "pages/products_and_pricing.py", "pages/markets.py", "pages/outlook.py")


def findings(app: AppTest) -> list[str]:
    return [element.value for element in app.markdown if element.value.startswith(":primary[")]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("dataset", LACKING)
def test_each_dataset_opens_every_page(app: AppTest, page: str, dataset: str) -> None:
    opened(app, page, dataset=dataset, preset="all", compare="none")
    opened(app, page, dataset=dataset, preset="last_12_months", compare="previous_year")


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_result_says_which_filter_to_widen(app: AppTest, page: str) -> None:
    opened(
        app, page, dataset="whole", preset="custom", period=["2024-01-03", "2024-01-03"], product="Apple", gender="F",
        country="Japan",
    )  # fmt: skip
    assert "Remove one of these filters" in app.info[0].value


def test_drivers_without_a_comparison_say_so(app: AppTest) -> None:
    opened(app, PAGES[0], compare="none")
    assert "Choose a comparison" in app.info[0].value


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_turns_drivers_and_outlook(app: AppTest, metric: str) -> None:
    opened(app, PAGES[0], metric=metric)
    app.switch_page(PAGES[3]).run()
    assert not app.exception


@pytest.mark.parametrize("grain", ["day", "week", "quarter", "year"])
def test_every_grain_of_the_outlook(app: AppTest, grain: str) -> None:
    opened(app, PAGES[3], grain=grain, preset="all")


def test_a_second_look_at_drivers_finds_nothing_anew(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(app, PAGES[0])
    assert findings(app)
    calls = []
    monkeypatch.setattr(finding_tables, "findings", lambda *given, **named: calls.append(given))
    app.run()
    assert not app.exception
    assert calls == []


def test_a_pair_that_a_later_pass_leaves_out_goes_from_the_page(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers_content, "pair_steps", lambda view: [(), ()])
    monkeypatch.setattr(drivers_content, "pair_findings", lambda view, steps: ["kept", "left out"][: 3 - steps])
    opened(app, PAGES[0])
    assert "kept" in text(app)
    assert "left out" not in text(app)


def test_drivers_find_the_declining_country(app: AppTest) -> None:
    opened(app, PAGES[0])
    first = findings(app)[:5]
    assert any(truths.DECLINING_COUNTRY in text for text in first), first


def test_products_find_what_was_planted(app: AppTest) -> None:
    opened(app, PAGES[1])
    first = "\n".join(findings(app)[:5])
    for planted in (truths.LAUNCHED, truths.DISCONTINUED, truths.DEFECTIVE, truths.LOSS_MAKING_SUBCATEGORY):
        assert planted.replace("-", "").split()[0] in first.replace("-", ""), planted
    for first_item, companion, _ in truths.BOUGHT_TOGETHER[:1]:
        assert first_item.split("-")[0] in first
        assert companion.split()[0] in first


def test_units_that_rise_with_the_price_offer_no_other_price(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices_content, "elasticity", lambda view, scope: Elasticity(0.8, 0.2, 1.4, 40, 0.1))
    opened(app, PAGES[1])
    assert "do not reckon with it" in text(app)
    assert not [slider for slider in app.slider if slider.label in ("Price change", "Discount on the list price")]


def test_markets_find_decline_growth_and_white_space(app: AppTest) -> None:
    opened(app, PAGES[2])
    first = "\n".join(findings(app)[:5])
    country, category, _ = truths.WHITE_SPACE
    assert truths.DECLINING_COUNTRY in first
    assert truths.GROWING_COUNTRY in first
    assert any(country in text and category.split()[0] in text for text in findings(app)[:5])


def test_the_outlook_finds_the_quiet_day(app: AppTest) -> None:
    opened(app, PAGES[3])
    assert "11 Mar 2026" in text(app)


def test_the_outlook_finds_the_flash_sale_in_the_orders(app: AppTest) -> None:
    opened(app, PAGES[3], metric="orders", preset="all")
    day = truths.FLASH_SALE_DAY
    assert day in [found.date() for found in app.dataframe[-1].value["day"]]


@pytest.mark.parametrize("page", ["pages/sales_performance.py", "pages/customer_insights.py"])
def test_dashboards_begin_with_three_sentences_and_their_evidence(app: AppTest, page: str) -> None:
    opened(app, page)
    assert len(app.get("page_link")) >= 3
    assert "came to" in text(app)


@pytest.mark.parametrize("page", ["sales", "customers"])
@pytest.mark.parametrize("metric", ["revenue", "units", "margin", "customers"])
def test_a_summary_repeats_what_the_page_it_links_to_says(app: AppTest, page: str, metric: str) -> None:
    opened(app, PAGES[0], metric=metric)
    drivers = plain_texts(app)
    app.switch_page("pages/retention.py").run()
    retention = plain_texts(app)
    dashboard = "pages/sales_performance.py" if page == "sales" else "pages/customer_insights.py"
    app.switch_page(dashboard).run()
    first, *others = summary_of(app)
    assert "came to" in first
    assert others
    for sentence in others:
        assert any(sentence in one for one in drivers + retention), sentence


def plain_texts(app: AppTest) -> list[str]:
    return [element.value for element in [*app.markdown, *app.caption]]


def summary_of(app: AppTest) -> list[str]:
    """The sentences beside the links at the top."""
    return [element.value for element in app.markdown[:3]]


def test_choices_follow_the_dataset(app: AppTest) -> None:
    opened(app, PAGES[2])
    app.selectbox(key="market_first").set_value("Japan").run()
    assert not app.exception
    app.selectbox(key="dataset").set_value("whole").run()
    assert not app.exception


def test_pages_are_short() -> None:
    root = Path(__file__).resolve().parents[2]
    for page in PAGES:
        assert len((root / page).read_text().splitlines()) <= 80


@pytest.mark.parametrize("page", PAGES)
def test_tables_and_csv_of_every_card(app: AppTest, page: str) -> None:
    names = {
        PAGES[0]: ("bridge", "drill", "findings", "contributions", "cancelling", "pairs"),
        PAGES[1]: (
            "abc", "matrix", "product_life", "profit", "affinity", "offers", "price_history", "elasticity",
            "returns_product", "returns_reason", "returns_place", "returns_lag",
        ),
        PAGES[2]: ("scorecard", "white_space", "side_by_side"),
        PAGES[3]: ("forecast", "quality", "forecast_members", "targets", "pace", "target_members", "unusual"),
    }[page]  # fmt: skip
    opened(app, page)
    before = len(app.dataframe)
    for name in names:
        app.session_state[f"table_{name}"] = True
    app.run()
    assert not app.exception, app.exception[0].message
    assert len(app.dataframe) == before + len(names)
    assert len(app.get("download_button")) >= len(names)


def test_a_dimension_with_one_member_in_the_view_explains_nothing(app: AppTest) -> None:
    opened(app, PAGES[0], country=truths.DECLINING_COUNTRY)
    assert not any("(continent)" in text or "(country)" in text for text in findings(app))
    assert not {"continent", "Continent"} & set(app.selectbox(key="contribution_dimension").options)
