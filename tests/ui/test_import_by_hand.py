"""Files are brought in by lists: uses, meanings, what is missing, the totals before and after, and one step back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

WEB = "Order No,Order Date,Customer,Product,Quantity,Unit Price,Amount\n" + "".join(
    f"B{n},2025-{n % 12 + 1:02}-15,C{n % 9},{('Mug', 'Quilt', 'Soap')[n % 3]},{n % 3 + 1},"
    f"{(4, 25, 9)[n % 3]}.00,{(n % 3 + 1) * (4, 25, 9)[n % 3]}.00\n"
    for n in range(60)
)
REVENUE = 20 * (1 * 4 + 2 * 25 + 3 * 9)
"""Each item is on 20 rows."""


def page(folder: str) -> None:
    """The Data page over the files of a folder, as if they had been dropped once."""
    import hashlib
    from pathlib import Path

    import streamlit as st

    from ui.cards.data import check, datasets, drop, finish, understand
    from ui.cards.data.job import HandedFile, job

    work = job()
    if not st.session_state.get("dropped"):
        st.session_state["dropped"] = True
        work.files = [
            HandedFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), path, path.stat().st_size)
            for path in sorted(Path(folder).iterdir())
        ]
    drop.step()
    totals = understand.step()
    if totals is not None:
        finish.step(check.step(totals))
    datasets.step()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALES_WRITE", "1")
    monkeypatch.setenv("SALES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SALES_WORKSPACES", str(tmp_path / "workspaces"))
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def shown(folder: Path, **files: str) -> AppTest:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return ran(AppTest.from_function(page, args=(str(folder),), default_timeout=240).run())


def ran(app: AppTest) -> AppTest:
    assert not app.exception, app.exception[0].message
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label.replace("\\", "") == label).click()
    return ran(app.run())


def choose(app: AppTest, label: str, option: str) -> AppTest:
    next(box for box in app.selectbox if box.label == label).set_value(option)
    return ran(app.run())


def meaning(app: AppTest, column: str) -> Any:
    return next(box for box in app.selectbox if box.label == column).value


def totals(app: AppTest) -> dict[str, tuple[str, str]]:
    """Label -> value and what is said below it, of the first strip."""
    return {one.label: (one.value, one.delta) for one in app.metric[:4]}


def texts(app: AppTest) -> str:
    all_of = [*app.markdown, *app.caption, *app.info, *app.error, *app.warning, *app.success]
    return "\n".join(str(one.value) for one in all_of).replace("\\", "").replace("\u2060", "")


def test_a_meaning_set_by_its_list_shows_the_totals_before_and_after(folder: Path) -> None:
    app = shown(folder, web=WEB)
    assert totals(app) == {
        "Rows": ("60", ""), "Revenue": (f"${REVENUE:,}.00", ""), "Orders": ("60", ""), "Days": ("335", "")
    }  # fmt: skip
    assert "Sales from 15 Jan – 15 Dec 2025." in texts(app)
    assert meaning(app, "Order No") == "order_id"
    app = choose(app, "Order No", "")
    # A customer's day is an order then: 9 customers on 12 days, of which 36 pairs occur.
    assert totals(app)["Orders"] == ("36", "before: 60")
    assert totals(app)["Revenue"] == (f"${REVENUE:,}.00", "")
    app = press(app, "Undo the last change")
    assert meaning(app, "Order No") == "order_id"
    assert totals(app)["Orders"][0] == "60"


ITEMS = "Code;Kind;Shelf\n" + "".join(f"{code};{kind};4\n" for code, kind in (("Mug", "Kitchen"), ("Quilt", "Home")))


def test_each_column_s_meaning_is_set_by_its_list(folder: Path) -> None:
    """No column has a name that says anything: what they are is chosen by hand, and the totals follow at once."""
    rows = (
        f"{n};2025-{n % 12 + 1:02}-15;{('Mug', 'Quilt')[n % 2]};{n % 3 + 1};{n % 5}.50;C{n % 7}\n" for n in range(60)
    )
    app = shown(folder, zzz="aa;bb;cc;dd;ee;ff\n" + "".join(rows))
    assert "A question for you" in texts(app)
    assert "4 · Prepare and open" not in texts(app)
    app = choose(app, "ee", "revenue")
    app.radio[0].set_value("ee, dd the units")
    app = ran(app.run())
    revenue = sum(n % 5 + 0.5 for n in range(60))
    assert totals(app)["Revenue"] == (f"${revenue:,.2f}", "")
    app = choose(app, "ee", "unit_price")
    assert totals(app)["Revenue"] == (
        f"${sum((n % 3 + 1) * (n % 5 + 0.5) for n in range(60)):,.2f}", f"before: ${revenue:,.2f}"
    )  # fmt: skip
    # Columns that are not used stand in a closed box.
    app.session_state[f"data_idle_{app.session_state['_import'].read[:8]}_0"] = True
    app = ran(app.run())
    chosen = {"ff": "customer_id", "cc": "product", "aa": "order_id"}
    for column, what in chosen.items():
        app = choose(app, column, what)
    assert {column: meaning(app, column) for column in chosen} == chosen
    assert totals(app)["Orders"][0] == "60"
    assert "4 · Prepare and open" in texts(app)


def test_a_file_s_use_is_set_by_its_list(folder: Path) -> None:
    app = shown(folder, web=WEB)
    app = choose(app, "This file is", "targets")
    assert not app.metric
    assert "4 · Prepare and open" not in texts(app)
    # Which file holds the sales is asked for, and one click says so.
    assert "are these its sales, one row for each item sold?" in texts(app)
    app = press(app, "Yes, use web.csv as the sales")
    assert totals(app)["Revenue"][0] == f"${REVENUE:,}.00"


def test_a_list_that_joins_nothing_says_so_in_sight(folder: Path) -> None:
    app = shown(folder, web=WEB, items=ITEMS.replace("Code", "Piece").replace("Mug", "X1").replace("Quilt", "X2"))
    assert "items.csv is left out · 2 rows" in texts(app).replace("**", "")
    assert totals(app)["Rows"][0] == "60"
    app = choose(app, "Use it as", "products")
    assert not app.metric
    assert "items.csv: " in texts(app)
    offers = [button.label for button in app.button if (button.key or "").startswith("data_offer_")]
    assert offers[-1] == "Leave items.csv out"
    app = press(app, "Leave items.csv out")
    assert "items.csv is left out · 2 rows" in texts(app).replace("**", "")
    assert totals(app)["Revenue"][0] == f"${REVENUE:,}.00"


def test_no_column_was_taken_as_the_date(folder: Path) -> None:
    app = shown(folder, web=WEB.replace("Order Date", "Seen"))
    assert totals(app)["Days"] == ("335", "")
    app = choose(app, "Seen", "")
    assert "web.csv: no column was taken as the order date. 'Seen' holds dates; use it?" in texts(app)
    assert not app.metric
    assert "4 · Prepare and open" not in texts(app)
    app = press(app, "Use 'Seen' as the order date")
    assert meaning(app, "Seen") == "ordered_on"
    assert totals(app)["Days"][0] == "335"
    assert totals(app)["Revenue"][0] == f"${REVENUE:,}.00"
