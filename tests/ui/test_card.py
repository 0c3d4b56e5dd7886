"""A card is drawn from its value alone: words, choices, body, and the table and CSV behind its button."""

from __future__ import annotations

import ast
import io
import json
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from analytics.metrics import METRICS
from tests.sources import ROOT, complaints
from ui import headings
from ui.headings import HEADINGS, ColumnConfig


def _page() -> None:
    import polars as pl
    import streamlit as st

    from tests.ui.test_card import DATA, SPEC
    from ui import choices
    from ui.card import Absent, Card, Chart, CustomerList, Rows, lacking, show
    from ui.choices import Choice
    from ui.headings import ColumnConfig

    rows = pl.DataFrame({"member": ["=1+1", "*b*"], "revenue": [1.5, 2.5], "hidden": [1, 2], "own": [3, 4]})
    which = st.session_state["which"]
    if which == "whole":
        show(
            DATA,
            Card(
                "*Title*",
                name="one",
                table=rows,
                takeaway="*Ada* took $5 & [left](x)",
                note="<b>note</b>",
                columns={"member": "Who", "hidden": None},
                body=[Chart(SPEC, rows, alt="A chart"), Rows(rows, alt="The rows")],
                empty="Nothing.",
            ),
        )
    elif which == "lazy":

        def table() -> pl.DataFrame:
            st.session_state["asked"] = st.session_state.get("asked", 0) + 1
            return rows

        show(DATA, Card("Title", name="one", table=table, columns={"own": ColumnConfig("Own", "share")}))
    elif which == "empty":
        chart = Chart(SPEC, rows.clear(), alt="A chart")
        show(DATA, Card("Title", name="one", table=rows.clear(), body=[chart], empty="Nothing to draw."))
    elif which == "bodiless":
        show(DATA, Card("Title", name="one", table=rows.clear(), empty="Nothing to draw."))
    elif which == "absent":
        show(DATA, Absent("Title", "No *stars* yet."))
        show(DATA, lacking("Profit", "a cost column"))
        show(DATA, None)
    elif which == "choices":
        options = ["a", "b"]
        held = choices.chosen("by", options), choices.chosen("how", options)
        lone = Choice("Lone", "lone", ["a"])
        pair = [Choice("By", "by", options, str.upper, form="list"), Choice("How", "how", options)]
        show(DATA, Card(f"Title {held}", name="one", table=rows, choices=pair))
        show(DATA, Card("Other", name="two", table=rows, choices=[lone]))
    elif which == "customers":
        found = pl.DataFrame({"customer": [1], "customer_id": ["00123"], "name": ["Ada"], "revenue": [2.0]})
        listed = CustomerList(found, name="best", alt="Best", whole=lambda: found, file="best", count=1, of=("x",))
        show(DATA, Card("Title", name="one", table=found, body=[listed]))


class _Data:
    currency = "USD"


DATA: Any = _Data()
SPEC: dict[str, Any] = {"mark": "bar", "encoding": {"x": {"field": "revenue", "type": "quantitative"}}}


def drawn(which: str, **state: Any) -> AppTest:
    app = AppTest.from_function(_page)
    app.session_state["which"] = which
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def shown(frame: Any) -> dict[str, Any]:
    """Column -> what the browser is sent about it."""
    return {name: said for name, said in json.loads(frame.proto.columns).items() if name != "_index"}


def test_words_of_data_stay_words() -> None:
    app = drawn("whole")
    title = app.markdown[0].value
    assert title.startswith(r"**\*Title\***")
    assert r"\*Ada\* took \$5 \& \[left\](x)" in title
    assert r"\<b\>note\</b\>" in title


def test_a_body_is_drawn_in_order_and_headed_as_the_table() -> None:
    app = drawn("whole", table_one=True)
    (chart,) = app.get("vega_lite_chart")
    assert chart.proto.alt == "A chart"
    behind, inside = app.dataframe
    assert shown(behind) == shown(inside)
    assert shown(inside)["member"]["label"] == "Who"
    assert shown(inside)["revenue"]["label"] == "Revenue"
    assert shown(inside)["revenue"]["type_config"]["format"] == "$%,.2f"
    assert shown(inside)["hidden"]["hidden"] is True
    assert "own" not in shown(inside)
    assert behind.proto.alt == "Table of *Title*"
    assert "Nothing." not in [caption.value for caption in app.caption]


def test_the_table_is_asked_for_when_it_is_opened() -> None:
    app = drawn("lazy")
    assert "asked" not in app.session_state
    app.session_state["table_one"] = True
    app.run()
    assert app.session_state["asked"] == 1
    assert shown(app.dataframe[0])["own"] == {
        "label": "Own", "type_config": {"type": "number", "format": "percent"},
    }  # fmt: skip


def test_the_csv_has_the_headings_and_no_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bytes] = []
    import streamlit as st

    monkeypatch.setattr(st, "download_button", lambda label, content, **_: made.append(content))
    drawn("whole", table_one=True)
    (content,) = made
    table = pl.read_csv(io.BytesIO(content))
    assert table.columns == ["Who", "Revenue", "own"]
    assert table["Who"].to_list() == ["'=1+1", "*b*"]
    assert table["Revenue"].to_list() == [1.5, 2.5]


@pytest.mark.parametrize("which", ["empty", "bodiless"])
def test_without_rows_a_card_says_so_and_keeps_its_table(which: str) -> None:
    app = drawn(which, table_one=True)
    assert [caption.value for caption in app.caption] == ["Nothing to draw."]
    assert not app.get("vega_lite_chart")
    assert app.dataframe[0].value.empty


def test_an_absent_card_says_why_and_what_would_show_it() -> None:
    app = drawn("absent")
    assert [words.value for words in app.markdown] == ["**Title**", "**Profit**"]
    assert [words.value for words in app.caption] == [
        r"No \*stars\* yet.",
        r"Hidden\: this dataset has no such columns. Add a cost column to see it.",
    ]
    assert not app.get("popover")


def test_choices_hold_one_of_their_options() -> None:
    app = drawn("choices", by="b", how="gone")
    assert app.markdown[0].value == "**Title ('b', 'a')**"
    assert app.selectbox(key="by").options == ["A", "B"]
    assert app.get("button_group")[0].proto.id.endswith("how")
    assert len(app.get("button_group")) == 1  # a single option is no choice


def test_a_list_of_customers_has_its_rows_and_a_file() -> None:
    app = drawn("customers")
    (listed,) = app.dataframe
    assert listed.value.columns.to_list() == ["customer_id", "name", "revenue"]
    assert shown(listed)["customer_id"]["label"] == "Customer id"
    assert app.get("download_button")[0].proto.label == "Download all 1 as CSV"


@pytest.mark.parametrize("name", HEADINGS)
def test_every_heading_can_be_shown(name: str) -> None:
    said = headings.configuration(pl.DataFrame({name: []}), {}, "USD")[name]
    label = said if isinstance(said, str) else said["label"]
    assert label == HEADINGS[name].label == headings.labels([name], {})[name]


def test_another_label_keeps_how_values_are_written() -> None:
    assert headings.column("revenue", {"revenue": "Sold"}) == ColumnConfig("Sold", "money")
    assert headings.column("revenue", {"revenue": None}) is None
    assert headings.column("nobody_knows", {}) == ColumnConfig("nobody_knows")


FORMATTING = ("NumberColumn", "DateColumn", "ProgressColumn")


def second_lists(path: str, source: str) -> list[str]:
    """Places outside `ui/headings.py` that head a column by themselves, or repeat what HEADINGS says."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in FORMATTING:
            found.append(f"{path}:{node.lineno} writes {node.attr}")
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                known = HEADINGS.get(key.value) if isinstance(key, ast.Constant) else None
                if known and _as_written(value) == known:
                    found.append(f"{path}:{value.lineno} repeats the heading of {key.value!r}")  # type: ignore[union-attr]
    return found


def _as_written(value: ast.expr) -> ColumnConfig | None:
    """A `ColumnConfig(...)` of constants."""
    if not (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == ColumnConfig.__name__
    ):
        return None
    try:
        return ColumnConfig(
            *map(ast.literal_eval, value.args), **{one.arg or "": ast.literal_eval(one.value) for one in value.keywords}
        )
    except ValueError:
        return None


OWN_HEADINGS = ("ui/headings.py", "ui/cards/data/", "ui/cards/target_editor.py")
"""The registry, the import's own tables, and the editor, whose columns take input."""


def test_headings_stand_in_one_list() -> None:
    assert complaints(second_lists, own=OWN_HEADINGS, parts=("ui", "pages")) == []


def test_a_heading_repeats_no_metric() -> None:
    source = (ROOT / "ui" / "headings.py").read_text(encoding="utf-8")
    metrics = {name: ColumnConfig(metric.label, metric.unit) for name, metric in METRICS.items()}
    assert [
        key.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value in metrics and _as_written(value) == metrics[key.value]
    ] == []


def headed(sources: dict[str, str]) -> list[str]:
    """Columns that HEADINGS does not know though one place alone heads them, by constants."""
    places: dict[str, list[str]] = {}
    for path, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value not in HEADINGS and _as_written(value):
                        places.setdefault(key.value, []).append(f"{path}:{value.lineno} heads {key.value!r} alone")
    return [found[0] for found in places.values() if len(found) == 1]


def test_what_one_card_heads_stands_in_the_list() -> None:
    assert headed({path.name: path.read_text(encoding="utf-8") for path in (ROOT / "ui" / "cards").glob("*.py")}) == []
    assert len(headed({"x.py": "columns = {'mine': ColumnConfig('Mine'), 'any': ColumnConfig(label)}"})) == 1
    assert headed(dict.fromkeys(("x.py", "y.py"), "columns = {'mine': ColumnConfig('Mine')}")) == []


def test_a_second_list_is_seen() -> None:
    assert len(second_lists("x.py", "st.column_config.NumberColumn('Revenue', format='%d')")) == 1
    assert len(second_lists("x.py", "columns = {'share': ColumnConfig('Share', 'share')}")) == 1
    assert (
        second_lists(
            "x.py", "columns = {'share': ColumnConfig('Share of units', 'share'), 'mine': ColumnConfig('Mine')}"
        )
        == []
    )
