"""The Dockerfile's steps, one by one, without a container engine.

Paths of the image stand below a folder, its Python is a fresh environment of this one, and its user has no privilege
that lets it write to the program. The operating system is this machine's.
"""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.processes import free_port, running, wait_for
from tests.deploy import dockerfile
from tests.deploy.programs import DEPLOY, ROOT, program, required
from tests.deploy.visitor import Visitor

pytestmark = pytest.mark.skipif(not required(), reason="installs the app's packages anew; REQUIRE_TOOLS=1 runs it")

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


@dataclass
class Image:
    """What the instructions made."""

    root: Path
    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def inside(self, path: str) -> Path:
        """Where a path of the image is."""
        return self.root / path.lstrip("/") if path.startswith("/") else self.folder / path

    def python(self) -> str:
        return str(self.root / "usr" / "bin" / "python")

    def without_rights(self, command: list[str], port: int) -> list[str]:
        """A command of the image, with its port moved and without the privileges of root."""
        moved = [word.replace("8501", str(port)) for word in command]
        assert moved.pop(0) == "python"
        drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"] if os.getuid() == 0 else []
        return [*drop, self.python(), *moved]


def copy(image: Image, words: list[str]) -> None:
    *sources, target = words
    for source in sources:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, image.inside(target), ignore=shutil.ignore_patterns("__pycache__"))
        else:
            into = image.inside(target) / Path(source).name if target.endswith("/") else image.inside(target)
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, into)


def run(image: Image, command: list[str]) -> None:
    """One command of a RUN; the two that concern users and owners are taken over by `without_rights`."""
    if command[0] == "python":
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        subprocess.run([image.python(), *command[1:]], cwd=image.folder, env=env, check=True)
    elif command[0] == "install":
        image.inside(command[-1]).mkdir(parents=True)
    else:
        assert command[0] == "useradd"


def build(root: Path) -> Image:
    """Follow the Dockerfile; an instruction that is not known here is an error."""
    image = Image(root, root)
    subprocess.run([sys.executable, "-m", "venv", str(root / "usr")], check=True)
    for name, text in (instruction := dockerfile.instructions(DEPLOY / "Dockerfile")):
        words = dockerfile.Instruction(name, text).words()
        if name == "WORKDIR":
            image.folder = image.inside(text)
            image.folder.mkdir()
        elif name == "COPY":
            copy(image, words)
        elif name == "RUN":
            for command in text.split("&&"):
                run(image, shlex.split(command))
        elif name == "ENV":
            pairs = dict(word.split("=", 1) for word in words)
            image.env |= {key: str(image.inside(value)) for key, value in pairs.items()}
        elif name == "CMD":
            image.command = words
        elif name == "HEALTHCHECK":
            image.health = words
        else:
            assert name in ("FROM", "USER", "VOLUME", "EXPOSE"), name
    assert len(instruction) > 10
    for path in [image.folder, *image.folder.rglob("*")]:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)
    return image


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    program("setpriv")
    root = Path(tempfile.mkdtemp(prefix="image-"))
    try:
        built = build(root)
        built.env |= {"HOME": "/nonexistent", "PYTHONPATH": "", "SALES_WRITE": "0"}
        yield built
    finally:
        for path in root.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(root)


def test_the_image_serves_every_page_and_knows_its_health(image: Image, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"

    def healthy() -> bool:
        done = subprocess.run(image.without_rights(image.health, port), capture_output=True, check=False)
        return done.returncode == 0

    assert not healthy()
    command = image.without_rights(image.command, port)
    with running(command, log=log, folder=image.folder, environment=os.environ | image.env) as process:
        wait_for(f"http://localhost:{port}/_stcore/health", process, log)
        assert healthy()
        for page in PAGES:
            with Visitor(f"http://localhost:{port}") as visitor:
                visitor.open(page)
                assert visitor.errors == [], page
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "Error" not in said


def test_datasets_are_prepared_into_the_volume_and_nothing_else_is_written(image: Image) -> None:
    command = image.without_rights(["python", "-m", "data", "demo", "--lines", "2000", "--name", "small"], 8501)
    done = subprocess.run(
        command, cwd=image.folder, env=os.environ | image.env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in Path(image.env["SALES_HOME"]).iterdir()] == ["small"]
    write = image.without_rights(["python", "-c", "open('Home.py', 'a')"], 8501)
    done = subprocess.run(write, cwd=image.folder, capture_output=True, text=True, check=False)
    assert "PermissionError" in done.stderr
