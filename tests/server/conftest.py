"""The app's own server, started as the README says, and clients that speak to it without a browser."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from benchmarks.processes import PATIENCE, streamlit
from tests import small_datasets


@dataclass(frozen=True)
class Answer:
    """An answer over HTTP; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Running:
    """A running app."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    workspaces: Path

    def ask(self, path: str, method: str = "GET", *, body: Iterable[bytes] = (), **headers: str) -> Answer:
        """One request; `host="example.org"` sends that Host, underscores in names become hyphens."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path, skip_host="host" in sent, skip_accept_encoding=True)
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders()
            for block in body:
                connection.send(block)
            got = connection.getresponse()
            return Answer(
                got.status, {k.lower(): v for k, v in got.getheaders()}, got.read().decode("utf-8", "replace")
            )
        finally:
            connection.close()

    def memory(self) -> int:
        """Bytes of memory that the server's process holds."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise LookupError("no VmRSS")

    def private(self) -> list[Path]:
        """The folders of visitors' workspaces."""
        folder = self.workspaces / "sessions"
        return sorted(folder.iterdir()) if folder.is_dir() else []


@contextlib.contextmanager
def serve(home: Path, folder: Path, *, address: str = "localhost", **environment: str) -> Iterator[Running]:
    """The README's command as a fresh process; an empty address leaves that out. It ends with the block."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("SALES_")}
    given |= {"SALES_HOME": str(home), "SALES_WORKSPACES": str(folder / "workspaces")} | environment
    log = folder / "server.log"
    with streamlit("Home.py", address=address, log=log, environment=given) as (url, process):
        yield Running(int(url.rpartition(":")[2]), process, log, folder / "workspaces")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the small datasets."""
    folder = tmp_path_factory.mktemp("server_home")
    small_datasets.publish(folder)
    return folder


@pytest.fixture(scope="session")
def local(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The app as the README starts it, for tests that leave nothing behind."""
    with serve(home, tmp_path_factory.mktemp("local")) as running:
        yield running


class Visitor:
    """One browser tab over Streamlit's own protocol: a cookie, a connection, and runs of a page's script."""

    def __init__(self, running: Running, *, origin: str = "", resume: str = "", **headers: str) -> None:
        self.running = running
        here = f"localhost:{running.port}"
        self.cookie = running.ask("/_stcore/health").headers["set-cookie"].split(";")[0]
        self.token = self.cookie.partition("=")[2]
        protocols = ["streamlit", self.token, *([resume] if resume else [])]
        self.socket: ClientConnection = connect(
            f"ws://{headers.pop('host', here)}/_stcore/stream",
            sock=socket.create_connection(("localhost", running.port)),
            subprotocols=[Subprotocol(name) for name in protocols],
            origin=Origin(origin or f"http://{here}"),
            additional_headers={"Cookie": self.cookie} | {k.replace("_", "-"): v for k, v in headers.items()},
            open_timeout=PATIENCE,
            max_size=None,
            proxy=None,
            legacy=True,
        )
        self.session = ""
        self.texts: list[str] = []
        """Texts that stand on the page after a run."""
        self.box = ""
        """Name of the upload box on the page."""

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def run(self, page: str = "data", *, dropped: Sequence[str] = ()) -> Visitor:
        """Run a page's script to its end, with files in the upload box whose addresses are given."""
        request = BackMsg()
        request.rerun_script.page_name = page
        request.rerun_script.context_info.timezone = "UTC"
        if dropped:
            state = request.rerun_script.widget_states.widgets.add()
            state.id = self.box
            for address in dropped:
                file = state.file_uploader_state_value.uploaded_file_info.add()
                file.file_id = address.split("/")[-1]
                file.file_urls.file_id, file.file_urls.upload_url = file.file_id, address
        self.socket.send(request.SerializeToString())
        begun, self.texts = False, []
        while True:
            message = self._receive()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                begun, self.session = True, message.new_session.initialize.session_id
            elif kind == "delta":
                self._read(message)
            elif kind == "script_finished" and begun:
                if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return self
                self.texts = []

    def _receive(self) -> ForwardMsg:
        message = ForwardMsg()
        data = self.socket.recv(timeout=PATIENCE)
        assert isinstance(data, bytes)
        message.ParseFromString(data)
        return message

    def _read(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind in ("markdown", "alert"):
            self.texts.append(getattr(element, kind).body)
        elif kind == "file_uploader":
            self.box = element.file_uploader.id
        elif kind == "exception":
            raise AssertionError(element.exception.message)

    def addresses(self, count: int) -> list[str]:
        """Ask where to upload so many files."""
        request = BackMsg()
        request.file_urls_request.request_id = "files"
        request.file_urls_request.file_names.extend(f"{number}.csv" for number in range(count))
        self.socket.send(request.SerializeToString())
        while True:
            message = self._receive()
            if message.WhichOneof("type") == "file_urls_response":
                return [urls.upload_url for urls in message.file_urls_response.file_urls]

    def upload(
        self, address: str, size: int, *, chunked: bool = False, pause: threading.Event | None = None, **headers: str
    ) -> Answer:
        """Upload so many bytes, as a form's one file; `pause` is waited for before the last of them."""
        head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\n'
        tail, block = b"\r\n--x--\r\n", b"a,b\n1,2\n" * 8192
        blocks = [head, *(block for _ in range(size // len(block))), block[: size % len(block)], tail]
        sent = {
            "Content_Type": "multipart/form-data; boundary=x", "X_Xsrftoken": self.token, "Cookie": self.cookie,
        } | headers  # fmt: skip
        if chunked:
            sent["Transfer_Encoding"] = "chunked"
            blocks = [b"%x\r\n%s\r\n" % (len(one), one) for one in blocks if one] + [b"0\r\n\r\n"]
        else:
            sent["Content_Length"] = str(sum(map(len, blocks)))

        def body() -> Iterator[bytes]:
            yield from blocks[:-2]
            if pause is not None:
                assert pause.wait(PATIENCE)
            yield from blocks[-2:]

        return self.running.ask(address, "PUT", body=body(), **sent)


def wait_until(true: Callable[[], bool], seconds: float) -> float:
    """Wait until something is so; the seconds that it took. AssertionError where it never is."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds, f"not so after {seconds} seconds"
        time.sleep(0.1)
    return time.monotonic() - start
