"""A known export is named on the Data page, and its title is the dataset's."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
from streamlit.testing.v1 import AppTest

from data.reading import written
from data.terms.rows import ROW
from data.understanding.tables import table_of
from data.understanding.understand import understood
from tests.data.test_exports import FILES
from tests.ui.test_dropped_recipes import plain


def page(found: str, path: str) -> None:
    """What the page says of files that were understood."""
    import json
    from pathlib import Path

    from data.staged import Staged
    from data.understanding.types import from_json
    from ui.cards.data import understand
    from ui.cards.data.job import job

    work = job()
    work.found = from_json(json.loads(found))
    work.tables = [Staged(file.file, "", Path(path), file.rows) for file in work.found.files]
    understand._understood(work)


def test_the_page_names_a_known_export(tmp_path: Path) -> None:
    frame = pl.read_csv(FILES / "shopify_orders" / "orders_export_1.csv", infer_schema=False).with_row_index(ROW, 2)
    frame.rename({ROW: written.ROW}).write_parquet(tmp_path / "table.parquet")
    found = understood([table_of("orders_export_1.csv", frame.lazy(), frame.height)])
    content = json.dumps(found.as_json())
    app = AppTest.from_function(page, args=(content, str(tmp_path / "table.parquet")), default_timeout=120).run()
    assert not app.exception, app.exception[0].message
    captions = [plain(caption.value) for caption in app.caption]
    assert captions[0] == "This looks like a Shopify order export."
    assert next(field.value for field in app.text_input if field.label == "What to call it") == "Shopify orders"
