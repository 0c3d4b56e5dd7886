"""The list of datasets on the Data page: what each is, and renaming, going back and deleting from there."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.store import store
from tests.ui.refreshed import opened, prepare
from tests.ui.visits import press, text
from ui import queries


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALES_HOME", str(tmp_path))
    monkeypatch.setenv("SALES_WRITE", "1")
    prepare(tmp_path)
    return tmp_path


def manage(app: AppTest, name: str, action: str) -> AppTest:
    app.menu_button(key=f"dataset_menu_{name}").set_value(action).run()
    assert not app.exception, app.exception[0].message
    return app


def test_a_dataset_is_renamed_put_back_and_deleted_from_the_list(app: AppTest, home: Path) -> None:
    first = store.find("shop").version
    second = prepare(home, earlier=3)
    opened(app, "pages/data.py")
    assert "· version " + second[:7] + ", prepared just now ·" in text(app)
    manage(app, "shop", "rename")
    app.text_input(key="dataset_title_shop").set_value("*Corner* shop").run()
    press(app, "Rename")
    assert "It is called *Corner* shop now; links to it stay as they are." in text(app)
    assert store.find("shop").title == "*Corner* shop"
    manage(app, "shop", "first")
    assert next(iter(store.entries())).name == "shop"
    manage(app, "shop", "versions")
    press(app, "Put in use")
    assert store.find("shop").version == first
    manage(app, "shop", "delete")
    assert "Delete *Corner* shop? It goes with 2 versions (" in text(app)
    # Somebody else prepares it anew before the click.
    prepare(home, earlier=5)
    app.button(key="dataset_delete_shop").click().run()
    assert "another version is in use since you looked" in text(app)
    assert [entry.name for entry in store.entries()] == ["shop", "demo"]
    manage(app, "shop", "delete")
    app.button(key="dataset_delete_shop").click().run()
    assert "*Corner* shop is deleted." in text(app)
    assert [entry.name for entry in store.entries()] == ["demo"]


def test_where_nothing_may_be_written_the_list_says_so(
    app: AppTest, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALES_WRITE", "0")
    queries.entries.clear()
    opened(app, "pages/data.py")
    assert "What you bring here is seen by you alone and goes when you close the tab." in text(app)
    assert set(app.menu_button(key="dataset_menu_shop").options) <= {"Download the recipe", "Earlier versions"}


def test_an_earlier_version_opens_to_be_read_only(app: AppTest, home: Path) -> None:
    first = store.find("shop").version
    prepare(home, earlier=3)
    opened(app, "pages/data.py")
    manage(app, "shop", "versions")
    app.button(key=f"version_open_{first}").click().run()
    app.switch_page("pages/sales_performance.py").run()
    assert f"This is an earlier version of Shop ({first}), open to be read only" in text(app)
    press(app, "Open the version in use")
    assert "earlier version" not in text(app)
