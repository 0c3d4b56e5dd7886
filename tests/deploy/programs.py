"""Programs that some tests drive: a test is skipped where one is missing, and fails with REQUIRE_TOOLS=1."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"


def required() -> bool:
    """Whether every test of this folder must run."""
    return os.environ.get("REQUIRE_TOOLS") == "1"


def program(name: str) -> str:
    """Path of a program, from this Python's environment or the machine."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    path = shutil.which(name, path=places)
    if path is None:
        missing = f"{name} is not installed"
        if required():
            pytest.fail(f"REQUIRE_TOOLS=1, but {missing}")
        pytest.skip(missing)
    return path


def output(*command: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Exit code of a command and what it printed."""
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | (env or {}), capture_output=True, text=True, timeout=600, check=False
    )
    return done.returncode, done.stdout + done.stderr
