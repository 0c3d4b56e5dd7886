"""Limits that a reading process puts on itself before it touches a file.

Linux enforces them in the kernel. Elsewhere the process that started it watches the clock and memory.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import struct
import sys
from typing import Any, Final

from data.reading.limits import MB, patience

_NO_NETWORK: Final = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.")
_NO_PROCESS: Final = (
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.startfile",
    "pty.",
)
_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SYSCALLS: Final = {
    # socket, connect, bind, execve, ptrace, process_vm_writev, io_uring_setup, execveat
    "x86_64": (41, 42, 49, 59, 101, 311, 425, 322),
    "aarch64": (198, 203, 200, 221, 117, 271, 425, 281),
}
_EPERM: Final = 1


def memory_and_files(memory_mb: int, file_mb: int) -> None:
    """Bound memory, the size of files written, and open files; no core dump."""
    try:
        import resource
    except ImportError:  # Windows: the watchdog of the starting process takes over.
        return
    # Address space is reserved far beyond what is used, by threads' stacks and the allocator.
    bounds = {
        "RLIMIT_DATA": memory_mb * MB,
        "RLIMIT_AS": memory_mb * MB + 3072 * MB,
        "RLIMIT_FSIZE": file_mb * MB,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_CORE": 0,
    }
    for name, bound in bounds.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (bound, bound))


def time(seconds: float) -> None:
    """Let the kernel end this process after so many more seconds of the processor, or when patience ends."""
    with contextlib.suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    with contextlib.suppress(AttributeError, ValueError, OSError):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, patience(seconds) + 2)


def die_with_parent() -> None:
    """End with the process that started this one, however that ends, and let it go first until then."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)
    with contextlib.suppress(OSError, AttributeError):
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


def no_network_or_programs() -> None:
    """No sockets and no other programs from here on: in the kernel on Linux, in Python everywhere."""
    if sys.platform == "linux":
        _filter_syscalls()
    sys.addaudithook(_audit)


def _audit(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith((*_NO_NETWORK, *_NO_PROCESS)) or event in ("os.kill",):
        raise PermissionError(f"a reading process may not use {event}")


def _filter_syscalls() -> None:
    """A seccomp filter: the system calls that reach the network or start programs answer 'not permitted'."""
    machine = os.uname().machine
    if machine not in _SYSCALLS:
        return
    refuse = 0x00050000 | _EPERM
    allow = 0x7FFF0000
    calls = _SYSCALLS[machine]

    def step(code: int, yes: int, no: int, value: int) -> bytes:
        return struct.pack("HBBI", code, yes, no, value)

    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    architecture, number = 4, 0
    program = [step(load, 0, 0, architecture), step(equal, 1, 0, _AUDIT_ARCH[machine]), step(give, 0, 0, refuse)]
    # Numbers from here on are the x32 spelling of the same calls on x86_64, and unused elsewhere.
    program += [step(load, 0, 0, number), step(at_least, len(calls) + 1, 0, 0x40000000)]
    program += [step(equal, len(calls) - position, 0, call) for position, call in enumerate(calls)]
    program += [step(give, 0, 0, allow), step(give, 0, 0, refuse)]
    code = ctypes.create_string_buffer(b"".join(program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(38, 1, 0, 0, 0) == 0:
            libc.prctl(22, 2, header, 0, 0)
