"""`python -m benchmarks.start`: what starting costs: imports, and memory once both pages have been seen.

Importing the modules of Home.py, and those of all pages, is compared with importing pandas, pyarrow, streamlit, altair
and polars, each in fresh interpreters in turn. Resident memory is that of a server with the demo data after a visitor
has opened each page.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import options
from benchmarks.measure import resident_mb
from benchmarks.processes import ROOT
from benchmarks.rerun import PAGES, app
from benchmarks.server import Session

LIBRARIES: Final = "import pandas, pyarrow, streamlit, altair, polars"


def imports(*scripts: Path) -> str:
    """The import statements of some scripts."""
    texts = [script.read_text(encoding="utf-8") for script in scripts]
    return "\n".join(line for text in texts for line in re.findall(r"^(?:import|from) .+$", text, re.MULTILINE))


def import_times(rounds: int) -> dict[str, tuple[float, float]]:
    """Wall and CPU seconds (medians) of an interpreter importing nothing, the libraries, Home.py or all pages."""
    home, pages = ROOT / "Home.py", sorted((ROOT / "pages").glob("*.py"))
    code = {"nothing": "pass", "libraries": LIBRARIES, "Home.py": imports(home), "all pages": imports(home, *pages)}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in code}
    for turn in range(rounds + 1):
        for name, statements in code.items():
            before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run([sys.executable, "-c", statements], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
            wall, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            if turn:  # the first round fills the file cache and compiles
                times[name].append((wall, cpu))
    return {name: (median(w for w, _ in found), median(c for _, c in found)) for name, found in times.items()}


def memory() -> dict[str, float]:
    """Resident MB of a server: started, and after each page was opened with the demo data."""
    out = {}
    with app() as server:
        out["started"] = resident_mb(server.process)
        for page in PAGES:
            with Session(server, page, "dataset=demo") as visit:
                visit.run()
                visit.run()
            out[f"after {page}"] = resident_mb(server.process)
    return out


def main() -> None:
    """The command line."""
    parser = options.parser("start", __doc__, rounds=7)
    chosen = parser.parse_args()
    times = import_times(chosen.rounds)
    for name, (wall, cpu) in times.items():
        print(f"importing {name:10} {wall:6.2f} s wall  {cpu:6.2f} s CPU, interpreter included")
    for name in ("Home.py", "all pages"):
        wall, cpu = (
            (times[name][n] - times["nothing"][n]) / (times["libraries"][n] - times["nothing"][n]) for n in (0, 1)
        )
        print(f"{name} to libraries: {wall:.2f}x wall, {cpu:.2f}x CPU, interpreter taken off")
    held = memory()
    for moment, megabytes in held.items():
        print(f"resident memory {moment}: {megabytes:,.0f} MB")
    records = [{"what": f"importing {name}", "wall_s": wall, "cpu_s": cpu} for name, (wall, cpu) in times.items()]
    options.write(chosen.json, [*records, *({"what": moment, "resident_mb": mb} for moment, mb in held.items())])


if __name__ == "__main__":
    main()
