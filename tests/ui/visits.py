"""A visit without a browser: a link is followed, a button pressed, and what the page says is read."""

from __future__ import annotations

from typing import Any, Final

from streamlit.testing.v1 import AppTest

START: Final = "pages/sales_performance.py"
"""The page that a link without another opens."""


def opened(app: AppTest, page: str = START, **query: Any) -> AppTest:
    """The app after a link to a page was followed."""
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    if page != START:
        app.switch_page(page).run()
    assert not app.exception, app.exception[0].message
    return app


def press(app: AppTest, label: str) -> AppTest:
    """The app after a click on a button."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception[0].message
    return app


def text(app: AppTest) -> str:
    """All sentences of a page, as people read them."""
    elements = (*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success)
    return "\n".join(str(element.value) for element in elements).replace("\\", "").replace("\u2060", "")
