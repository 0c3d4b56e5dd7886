"""The reading process is bare, confined and disposable: nothing that happens in it reaches the app."""

from __future__ import annotations

import errno
import gc
import os
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from data import reading
from data.reading import Child, Limits, Options, Refusal, child, worker
from data.reading.child import Failed

ROOT = Path(__file__).resolve().parents[3]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's limits are Linux's")

CONFINED = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from data.reading import confine
confine.memory_and_files(512, 1)
confine.no_network_or_programs()
"""


def confined(program: str) -> str:
    """What a confined process prints."""
    found = subprocess.run([sys.executable, "-I", "-c", CONFINED + program], capture_output=True, text=True, timeout=60)
    return found.stdout + found.stderr


def replaced(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let reading processes run another program."""
    escaped = program.replace("{", "{{").replace("}", "}}")
    monkeypatch.setattr(child, "_START", escaped)


def living_children() -> set[int]:
    """Numbers of this process's children that are still there."""
    found = set()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                state, parent = Path(f"/proc/{name}/stat").read_text().rsplit(")", 1)[1].split()[:2]
            except OSError:
                continue
            if int(parent) == os.getpid() and state != "Z":
                found.add(int(name))
    return found


# --- What it can reach ------------------------------------------------------------------------------------------------


def test_its_environment_has_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SALES_SECRET", "hunter2")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    replaced(
        monkeypatch,
        "import os, sys, json\nsys.stdin.readline()\n"
        "print(json.dumps({'environment': dict(os.environ), 'folder': os.getcwd()}), flush=True)",
    )
    with Child(Limits(), tmp_path) as process:
        answer = process.ask({}, seconds=20)
    assert not [name for name in answer["environment"] if "SECRET" in name or name in ("HOME", "PATH", "USER")]
    assert "hunter2" not in str(answer)
    assert answer["folder"] == str(tmp_path)


@pytest.mark.parametrize(
    "program",
    [
        "import socket; socket.socket()",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.fork()",
        "import os; os.kill(os.getppid(), 0)",
    ],
)
def test_no_network_and_no_programs(program: str) -> None:
    assert "PermissionError" in confined(program + "\nprint('reached')")
    assert "reached" not in confined(program + "\nprint('reached')")


@LINUX
def test_the_kernel_refuses_what_python_does_not_see() -> None:
    said = confined(
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "print(libc.socket(2, 1, 0), ctypes.get_errno(), libc.execv(b'/bin/true', None), ctypes.get_errno())"
    )
    assert said.split() == ["-1", "1", "-1", "1"]


@LINUX
def test_files_memory_and_core_dumps_are_bounded() -> None:
    assert "MemoryError" in confined("kept = bytearray(600 * 1024 * 1024)")
    assert "File too large" in confined("import os\nopen('/tmp/sales-large', 'wb').write(bytes(2 * 1024 * 1024))")
    Path("/tmp/sales-large").unlink(missing_ok=True)
    assert "(0, 0)" in confined("import resource\nprint(resource.getrlimit(resource.RLIMIT_CORE))")


# --- However it ends, there is a sentence -----------------------------------------------------------------------------

ENDINGS = {
    "abort": ("import os, sys\nsys.stdin.readline()\nos.abort()", "damaged"),
    "segmentation fault": ("import ctypes, sys\nsys.stdin.readline()\nctypes.string_at(0)", "damaged"),
    "silent exit": ("import sys\nsys.stdin.readline()", "damaged"),
    "end before the request": ("import sys\nsys.exit(3)", "damaged"),
    "no answer": ("import time\ntime.sleep(60)", "too busy"),
    "busy": ("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 9))\nwhile True: pass", "takes longer"),
    "stopped": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "was stopped"),
    "not JSON": ("import sys\nsys.stdin.readline()\nprint('hello', flush=True)", "something else"),
    "a list": ("import sys\nsys.stdin.readline()\nprint('[1]', flush=True)", "something else"),
    "too much memory": (
        "import sys, time\nsys.stdin.readline()\nkept = bytearray(200 * 1024 * 1024)\n"
        "kept[:] = b'x' * len(kept)\ntime.sleep(60)",
        "memory",
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_every_ending_is_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program, words = ENDINGS[name]
    replaced(monkeypatch, program)
    monkeypatch.setattr(child, "patience", lambda seconds: 4 * seconds)
    began = time.monotonic()
    found = reading.read(b"a,b\n1,2\n", name="sales.csv", limits=Limits(seconds=1, memory_mb=100))
    assert isinstance(found, Refusal)
    assert found.sentence.startswith("sales.csv: expected ")
    assert words in found.sentence
    assert found.again == (words in ("too busy", "was stopped", "something else"))
    assert time.monotonic() - began < 20


BUSY = "import time\ntime.sleep({seconds})\n"
"""Put before what a process does, it is as slow as on a machine with a hundred others."""


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading processes get to work after five seconds only."""
    monkeypatch.setattr(child, "_START", BUSY.format(seconds=5) + child._START)


@pytest.mark.usefixtures("busy")
def test_time_that_others_take_is_not_the_file_s() -> None:
    found = reading.read(b"a,b\n1,2\n", name="sales.csv", limits=Limits(seconds=1))
    assert not isinstance(found, Refusal), found.sentence
    assert found.rows == 1


@LINUX
def test_time_of_the_processor_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the clock may run."""
    monkeypatch.setattr(child, "patience", lambda seconds: 60.0)
    start = "from data.reading import worker\nworker._answer = lambda *_: [0 for _ in iter(int, 1) if False]\nmain"
    monkeypatch.setattr(child, "_START", child._START.replace("\nmain", f"\n{start}"))
    began = time.monotonic()
    with Child(Limits(), tmp_path) as process, pytest.raises(Failed, match="in 1 seconds") as failed:
        process.ask({"task": "read"}, seconds=1)
    assert not failed.value.again
    assert 1 < time.monotonic() - began < 45


@LINUX
def test_no_process_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = living_children()
    assert not isinstance(reading.read(b"a,b\n1,2\n", name="f"), Refusal)
    replaced(monkeypatch, "while True: pass")
    monkeypatch.setattr(child, "patience", lambda seconds: 2.0)
    assert isinstance(reading.read(b"a,b\n1,2\n", name="f", limits=Limits(seconds=0.2)), Refusal)
    assert living_children() <= before


@LINUX
def test_it_ends_with_the_process_that_started_it() -> None:
    starter = (
        f"import sys, os, time\nsys.path.insert(0, {str(ROOT)!r})\nfrom pathlib import Path\nimport tempfile\n"
        "from data.reading import Child, Limits\n"
        "process = Child(Limits(), Path(tempfile.mkdtemp()))\n"
        "time.sleep(1)\nprint(process.pid, flush=True)\nos._exit(1)"
    )
    found = subprocess.run([sys.executable, "-c", starter], capture_output=True, text=True, timeout=60)
    pid = int(found.stdout)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_private_folders_vanish(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = reading.read(b"a,b\n1,2\n", name="f")
    assert not isinstance(found, Refusal)
    assert [path.name for path in tmp_path.iterdir()] == [found.folder.name]
    del found
    assert list(tmp_path.iterdir()) == []
    replaced(monkeypatch, "import os\nos.abort()")
    assert isinstance(reading.read(b"a,b\n1,2\n", name="f"), Refusal)
    assert list(tmp_path.iterdir()) == []


# --- What it answers is checked ---------------------------------------------------------------------------------------


def test_a_table_that_is_not_what_was_proved_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    replaced(
        monkeypatch,
        "import sys, json\nrequest = json.loads(sys.stdin.readline())\n"
        "for name in ('table.parquet', 'issues.parquet'):\n"
        "    open(request['folder'] + '/' + name, 'wb').write(b'PAR1evil')\n"
        "print(json.dumps({'columns': ['a'], 'rows': 1, 'findings': [], 'details': {},"
        " 'digests': {'table.parquet': '0', 'issues.parquet': '0'}}), flush=True)",
    )
    found = reading.read(b"a,b\n1,2\n", name="f")
    assert isinstance(found, Refusal)
    assert "another file" in found.sentence


def test_one_process_answers_several_requests(tmp_path: Path) -> None:
    with Child(Limits(), tmp_path) as process:
        first = reading.read(b"a,b\n1,2\n", name="f", child=process)
        second = reading.read(b"{}", name="f", child=process)
        third = reading.read(b"x;y\n1;2\n3;4\n", name="f", child=process)
        assert not isinstance(first, Refusal)
        assert isinstance(second, Refusal)
        assert not isinstance(third, Refusal)
        assert (first.columns, third.columns, third.rows) == (("a", "b"), ("x", "y"), 2)
        assert process.alive
    assert not process.alive


def test_a_closed_process_says_so(tmp_path: Path) -> None:
    process = Child(Limits(), tmp_path)
    process.close()
    with pytest.raises(Failed, match="expected the reader"):
        process.ask({"options": Options().plain(), "limits": asdict(Limits())}, seconds=1)


def test_progress_is_told(tmp_path: Path) -> None:
    content = "id,amount\n" + "\n".join(f"{number},{number}.5" for number in range(200_000))
    shares: list[float] = []
    found = reading.read(content.encode(), name="f", progress=shares.append)
    assert not isinstance(found, Refusal)
    assert found.rows == 200_000
    assert shares
    assert shares == sorted(shares)
    assert shares[-1] <= 1.0


def test_sizes_and_places_are_checked_before_anything_is_read(tmp_path: Path) -> None:
    missing = reading.read(tmp_path / "none.csv", name="none.csv")
    folder = reading.read(tmp_path, name="folder")
    large = reading.read(bytes(3 * 1024 * 1024), name="f", limits=Limits(input_mb=2))
    for found in (missing, folder, large):
        assert isinstance(found, Refusal)
    assert isinstance(large, Refusal)
    assert "up to 2 MB" in large.sentence


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.EINVAL, "found one that is damaged: what it says about its own parts leads outside of it"),
        (errno.EOVERFLOW, "found one that is damaged"),
        (errno.ENOMEM, "fits into memory"),
        (errno.ENOSPC, "room on this machine's disk"),
        (errno.EACCES, "a problem of the system (Permission denied)"),
    ],
)
def test_what_the_system_says_is_put_into_words(number: int, expected: str) -> None:
    assert expected in worker._of_system(OSError(number, os.strerror(number)))


def test_a_process_that_nobody_closes_ends(tmp_path: Path) -> None:
    before = living_children()
    process = Child(Limits(), tmp_path)
    assert living_children() > before
    del process
    gc.collect()
    assert living_children() == before
