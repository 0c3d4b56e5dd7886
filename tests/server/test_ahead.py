"""What the server imports before its first visitor: in the background, and all that pages would wait for."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from ui.server import ahead

ROOT = Path(__file__).parent.parent.parent


def deferred(source: str) -> set[str]:
    """Modules of scipy, or of compiled loops, that functions of a module import."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    found = [node for function in functions for node in ast.walk(function) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{one.name}" for node in found for one in node.names} | {str(node.module) for node in found}
    compiled = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in loops()}
    return {name for name in names if name in compiled or name in {f"scipy.{part}" for part in SCIPY}}


SCIPY = ("optimize", "sparse", "special", "stats")


def loops() -> list[Path]:
    """Modules of the analytics with compiled loops."""
    files = (ROOT / "analytics").rglob("*.py")
    return [path for path in files if "\n@kernel(" in path.read_text(encoding="utf-8")]


def test_all_that_pages_would_wait_for_is_imported_ahead() -> None:
    files = (ROOT / "analytics").rglob("*.py")
    wanted = set[str]().union(*(deferred(path.read_text(encoding="utf-8")) for path in files))
    assert len(loops()) == 3
    assert wanted == set(ahead.AHEAD)


def test_it_is_imported_in_the_background_and_not_before() -> None:
    code = (
        "import sys\n"
        "from ui.server import ahead\n"
        "assert not [name for name in ('numba', *ahead.AHEAD) if name in sys.modules]\n"
        "thread = ahead.start()\n"
        "assert thread.daemon\n"
        "thread.join()\n"
        "assert not [name for name in ('numba', *ahead.AHEAD) if name not in sys.modules]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
