"""The reading process: it confines itself, then answers requests line by line. Started by `child.Child` only."""

from __future__ import annotations

import errno
import json
import os
import sys
from typing import IO, Any, Final

from data.reading import confine
from data.reading.refused import BY_CONTENT, Refused

_DAMAGED: Final = (
    "expected a file that can be read, found one that is damaged or made in an unusual way. "
    "Open it in the program that made it and export it again, best as CSV."
)

_OUTSIDE: Final = (
    "expected a whole file, found one that is damaged: what it says about its own parts leads outside of it. "
    "Copy it again, or open it in the program that made it and export it again."
)


def main(memory_mb: int, file_mb: int, log: str) -> None:
    """Answer requests until there are no more."""
    confine.die_with_parent()
    requests, answers = os.fdopen(0, "rb", closefd=False), os.fdopen(os.dup(1), "wb")
    # Libraries may print; only answers go to the pipe.
    messages = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(messages, 1)
    os.dup2(messages, 2)
    confine.memory_and_files(memory_mb, file_mb)
    confine.no_network_or_programs()
    for line in requests:
        request = json.loads(line)
        confine.time(request["seconds"])
        if request["task"] == "load":
            from data.reading import open_file  # noqa: F401
        else:
            _send(answers, _answer(request, answers))
        confine.time(3600)


def _answer(request: dict[str, Any], answers: IO[bytes]) -> dict[str, Any]:
    try:
        if request["task"] == "tree":
            from data.reading import tree

            return tree.answer(request)
        from data.reading import open_file

        if request["task"] == "members":
            return open_file.members(request)
        return open_file.answer(request, lambda share: _send(answers, {"progress": share}))
    except Refused as refused:
        return {"refused": str(refused), "row": refused.row, "packed": refused.packed}
    except MemoryError:
        sys.stderr.write("MemoryError alloc memory\n")
        sys.stderr.flush()
        os._exit(3)
    except OSError as error:
        return {"refused": _of_system(error), "again": _passes(error)}
    except RecursionError:
        return {"refused": "expected a table, found contents nested too deeply."}
    except BaseException:  # A panic of a library is none of the ordinary exceptions.
        import traceback

        traceback.print_exc()
        return {"refused": _DAMAGED}


def _passes(error: OSError) -> bool:
    """Whether it is the machine that failed, and not what is in the file: another time it may do."""
    return error.errno is not None and error.errno not in (*BY_CONTENT, errno.EFBIG, errno.ENOMEM)


def _of_system(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "expected room on this machine's disk for reading the file, found none. Free some space and try again."
    if error.errno == errno.EFBIG:
        return "expected a file of ordinary size once it is unpacked, found one that is far larger."
    if error.errno == errno.ENOENT:
        return "expected a file, found nothing there."
    if error.errno == errno.ENOMEM:
        return (
            "expected a file that fits into memory, found one that needs more. Export fewer rows or columns at a time."
        )
    if error.errno in BY_CONTENT:
        return _OUTSIDE
    if error.errno is None:  # No problem of the system: a library says so of what is in the file.
        return _DAMAGED
    return f"expected a file that can be opened, found a problem of the system ({error.strerror or error})."


def _send(answers: IO[bytes], answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()
