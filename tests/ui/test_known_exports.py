"""A known export is named on the Data page, beside what each of its columns is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.data.test_exports import FILES
from tests.ui.test_dropped_recipes import plain, shown


def test_the_page_names_a_known_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALES_WORKSPACES", str(tmp_path / "workspaces"))
    (tmp_path / "files").mkdir()
    shutil.copy(FILES / "shopify_orders" / "orders_export_1.csv", tmp_path / "files")
    app = shown(tmp_path / "files")
    captions = [plain(caption.value) for caption in app.caption]
    assert "This looks like a Shopify order export: orders_export_1.csv." in captions
    title = next(field for field in app.text_input if field.label == "Title")
    assert title.value == "Shopify orders"
