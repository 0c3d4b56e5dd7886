"""Where prepared datasets are, and what their folders and files may be called."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from data.errors import DataError

DEMO: Final = Path(__file__).parents[1] / "demo"
"""The version folder that comes with the app."""

CURRENT: Final = "current"
"""File that names the version in use."""

TITLE: Final = "title"
"""File of a dataset with the title that people gave it, in place of the one it was prepared with."""

FIRST: Final = "first"
"""File of a home that names the dataset which opens first."""

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")


def home() -> Path:
    """Folder of the prepared datasets: $SALES_HOME, or `datasets/` beside the code."""
    return home_or_default(None)


def home_or_default(home: Path | None) -> Path:
    """The folder that was said, or the usual one."""
    if home is not None:
        return home
    named = os.environ.get("SALES_HOME")
    return Path(named) if named else Path(__file__).parents[2] / "datasets"


def check_name(name: str) -> str:
    """The name of a dataset, which is also a folder name and stands in links."""
    if not NAME.fullmatch(name):
        raise DataError(
            f"Dataset name {name!r}: expected letters, digits, - and _, at most 63, beginning with a letter or digit."
        )
    return name


def cause_of(error: Exception) -> str:
    """What the system says; polars wraps it into text of its own."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    number = re.search(r"os error (\d+)", str(error))
    return os.strerror(int(number[1])) if number else str(error).split("\n", 1)[0]


def folders(parent: Path) -> list[Path]:
    """The folders in a folder; none where it cannot be read."""
    try:
        return [path for path in parent.iterdir() if path.is_dir()]
    except OSError:
        return []
