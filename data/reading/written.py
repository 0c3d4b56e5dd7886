"""What a reading process leaves: names of the files, and of the column that it adds."""

from __future__ import annotations

from typing import Final

ROW: Final = "__row"
"""Column with a row's number in the file."""

TABLE: Final = "table.parquet"
ISSUES: Final = "issues.parquet"
