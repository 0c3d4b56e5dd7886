"""Write the shipped demo anew: `python -m data.generator`."""

from __future__ import annotations

from data.generator import write
from data.store.locations import DEMO

if __name__ == "__main__":
    DEMO.mkdir(exist_ok=True)
    write(DEMO)
