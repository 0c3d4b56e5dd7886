"""Where units leave the reductions: quantities counted in parts of a unit become decimals."""

from __future__ import annotations

import polars as pl

from analytics.dataset import Dataset
from analytics.metrics import UNIT_MEASURES


def in_units(frame: pl.DataFrame, data: Dataset) -> pl.DataFrame:
    """The same rows; where the dataset has parts of a unit, the columns of UNIT_MEASURES and their base are Float64."""
    if data.unit_scale == 1:
        return frame
    names = [name for name in frame.columns if name.removesuffix("_base") in UNIT_MEASURES]
    return frame.with_columns(data.units(pl.col(name)) for name in names)
