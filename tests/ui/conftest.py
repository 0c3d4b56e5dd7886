"""Homes with small datasets, and the app over them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests import small_datasets
from tests.ui.refreshed import prepare
from ui import caching, opened

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the small datasets."""
    home = tmp_path_factory.mktemp("home")
    small_datasets.publish(home)
    return home


@pytest.fixture(autouse=True)
def _home(prepared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SALES_HOME", str(prepared_home))
    yield
    st.cache_data.clear()
    st.cache_resource.clear()
    caching.ANSWERS.forget()
    opened.DATASETS.close()


@pytest.fixture
def app() -> AppTest:
    """The app, not run yet."""
    return AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)


@pytest.fixture
def shop_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, with one dataset that may be prepared anew."""
    monkeypatch.setenv("SALES_HOME", str(tmp_path))
    prepare(tmp_path)
    return tmp_path
