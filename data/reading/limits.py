"""What one file may cost: bytes, rows, columns, cells, memory, seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MB: Final = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds on reading one file; a file beyond any of them is refused with a sentence."""

    memory_mb: int = 1024
    """Memory of the reading process."""
    seconds: float = 15.0
    """Processor time of a small file. A busy machine may need far more of the clock for it: see `patience`."""
    bytes_per_second: int = 4 * MB
    """A larger file gets a second more for each so many bytes (after unpacking)."""
    input_mb: int = 2048
    """Size of the file as it is handed over."""
    unpacked_mb: int = 4096
    """Size of a compressed file's content."""
    ratio: int = 200
    """How many times larger than the compressed file its content may be, beyond the first 50 MB."""
    rows: int = 50_000_000
    columns: int = 2_000
    cells: int = 1_000_000_000
    sheet_cells: int = 20_000_000
    """Cells of a spreadsheet's used range, empty ones included: a library holds all of them at once."""
    cell_bytes: int = 1 * MB
    """Length of one text."""

    def seconds_for(self, size: int) -> float:
        """Seconds that a file of `size` bytes may take."""
        return self.seconds + size / self.bytes_per_second


PATIENCE: Final = 10.0
"""Seconds of the clock that are waited for one of the processor: that many processes may share one."""

LEAST_PATIENCE: Final = 60.0
"""Seconds of the clock that any request may take."""


def patience(seconds: float) -> float:
    """Seconds of the clock after which a request that may take so many of the processor is taken for stuck."""
    return max(LEAST_PATIENCE, PATIENCE * seconds)


DEFAULT: Final = Limits()
