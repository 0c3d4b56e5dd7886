"""A known export is named on the Data page, and its title is the dataset's."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
from streamlit.testing.v1 import AppTest

from data.terms.rows import ROW
from data.understanding.tables import table_of
from data.understanding.understand import understood
from tests.data.test_exports import FILES
from tests.ui.test_dropped_recipes import plain


def page(found: str) -> None:
    """What the page says of files that were understood."""
    import json

    from data.understanding.types import from_json
    from ui.cards.data import understand
    from ui.cards.data.job import job

    work = job()
    work.found = from_json(json.loads(found))
    understand._understood(work)


def test_the_page_names_a_known_export() -> None:
    frame = pl.read_csv(FILES / "shopify_orders" / "orders_export_1.csv", infer_schema=False).with_row_index(ROW, 2)
    found = understood([table_of("orders_export_1.csv", frame.lazy(), frame.height)])
    content = json.dumps(replace(found, files=()).as_json())
    app = AppTest.from_function(page, args=(content,), default_timeout=120).run()
    assert not app.exception, app.exception[0].message
    captions = [plain(caption.value) for caption in app.caption]
    assert captions[0] == "This looks like a Shopify order export: orders_export_1.csv."
    assert next(field.value for field in app.text_input if field.label == "Title") == "Shopify orders"
