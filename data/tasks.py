"""The long steps of an import, each in a process of its own: the app stays small and answers meanwhile.

`run` starts the process and hands on its progress. Requests and answers are lines of JSON. A process that is no longer
wanted is ended, and one whose parent is gone ends itself.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data import scratch
from data.errors import DataError
from data.process import EndedError, Process
from data.turns import Turns

if TYPE_CHECKING:  # The process starts in a moment because it loads no library before a task asks for one.
    from data.staging import Progress

ROOT: Final = Path(__file__).resolve().parent.parent

_LOG: Final = logging.getLogger(__name__)

TURNS: Final = Turns(2)
"""Tasks at a time in one server, so that their memory and their load are bounded."""


@dataclass(frozen=True)
class Step:
    """How far a task is."""

    share: float
    """From 0 to 1."""
    message: str


def run(
    task: str, request: Mapping[str, Any], *, tick: float = 0.5, owner: str = "", size: int = 0
) -> Generator[Step | None, None, dict[str, Any]]:
    """Run a task: yields a Step when there is one and None every `tick` seconds; returns the answer.

    `owner` is whose task it is and `size` the bytes of its files: where too many tasks run it waits for its turn.
    Raises DataError with the task's sentence. Closing the generator ends the process.
    """
    turn = TURNS.join(owner, size)
    try:
        while not turn.wait(tick):
            yield Step(0.0, turn.describe())
        # What the process keeps for a while lies in a folder of this one, which outlives it and tidies up after it.
        with scratch.folder() as folder:
            return (yield from _steps(task, request, folder, tick))
    finally:
        turn.leave()


def _steps(
    task: str, request: Mapping[str, Any], folder: Path, tick: float
) -> Generator[Step | None, None, dict[str, Any]]:
    process = Process(
        [sys.executable, "-X", "utf8", "-m", "data.tasks", task],
        folder=ROOT,
        environment={
            **os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)
        },
    )  # fmt: skip
    try:
        process.send(request)
        while True:
            answer = process.receive(tick)
            if answer is None:
                yield None
            elif "step" in answer:
                yield Step(*answer["step"])
            elif "refused" in answer:
                if "trace" in answer:
                    _LOG.error("The task %s failed\n%s", task, answer["trace"])
                raise DataError(answer["refused"])
            else:
                return dict(answer["result"])
    except (EndedError, ValueError):
        raise DataError(
            "Expected the import to finish, found that it was stopped, perhaps for lack of memory or room on the disk. "
            "Nothing was changed; try again with fewer rows."
        ) from None
    finally:
        process.close()


def wait(task: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Run a task to its end."""
    steps = run(task, request)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return dict(end.value)


_MISTAKE: Final = (
    "These files meet a mistake of the app ({}): that is not your doing. Nothing was changed. The server's log says "
    "where it is; please report it, and try without the file or the column that you can spare."
)


# --- In the process ---------------------------------------------------------------------------------------------------


def main() -> None:
    """Answer one request."""
    from data.reading import confine

    confine.die_with_parent()
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def send(answer: Mapping[str, Any]) -> None:
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()

    def step(share: float, sentence: str) -> None:
        send({"step": [share, sentence]})

    try:
        send({"result": _TASKS[sys.argv[1]](json.loads(sys.stdin.buffer.readline()), step)})
    except DataError as error:
        send({"refused": str(error)})
    except MemoryError:
        send({"refused": "Expected files that fit into memory, found more. Prepare fewer rows at a time."})
    except OSError as error:
        send(
            {"refused": f"Expected room to work in, found a problem ({error.strerror or error}). Nothing was changed."}
        )
    except BaseException as error:
        # What nobody has foreseen is a mistake of the app, whatever the files are; polars' panics are no Exception.
        send({"refused": _MISTAKE.format(type(error).__name__), "trace": traceback.format_exc()})


def _understand(request: Mapping[str, Any], step: Progress) -> dict[str, Any]:
    """Read files and look into them."""
    from data import staged, staging
    from data.understanding.types import Choices
    from data.understanding.understand import understand

    handed = [staging.Handed(item["name"], Path(item["path"]), item["options"]) for item in request["files"]]
    tables, refused = staging.stage(
        handed, Path(request["folder"]), lambda share, text: step(0.7 * share, text)
    )  # fmt: skip
    result = understand(
        tables, Choices(**request.get("by_hand", {})), lambda share, text: step(0.7 + 0.3 * share, text)
    )
    return {
        "tables": staged.as_json(tables),
        "refused": [[item.name, item.sentence] for item in refused],
        "again": any(item.again for item in refused),
        "understood": result.as_json(),
    }


def _today(request: Mapping[str, Any]) -> date:
    return date.fromisoformat(request["today"])


def _check(request: Mapping[str, Any], step: Progress) -> dict[str, Any]:
    """Try every rule, and the import itself."""
    from data import findings, staged
    from data.recipe import recipes

    recipe = recipes.parse(request["recipe"], file="recipe", name=request["name"])
    tables = staged.from_json(request["tables"])
    step(0.1, f"Checking {sum(table.rows for table in tables):,} rows")
    result = findings.find(recipe, staged.StagedOrigin(tables), today=_today(request))
    step(0.6, "Adding up")
    return {"found": result.as_json(), **_total(request, step)}


def _total(request: Mapping[str, Any], _: Progress) -> dict[str, Any]:
    """What the import would come to."""
    from data import staged, trial
    from data.recipe import recipes

    recipe = recipes.parse(request["chosen"], file="recipe", name=request["name"])
    origin = staged.StagedOrigin(staged.from_json(request["tables"]))
    return {"trial": trial.trial(recipe, origin, today=_today(request)).as_json()}


def _prepare(request: Mapping[str, Any], step: Progress) -> dict[str, Any]:
    """Publish the dataset."""
    from data import prepare, report, staged
    from data.recipe import recipes
    from data.store import writing

    recipe = recipes.parse(request["recipe"], file="recipe", name=request["name"])
    tables = staged.from_json(request["tables"])
    step(0.1, f"Preparing {sum(table.rows for table in tables):,} rows")
    origin = staged.StagedOrigin(tables)
    prepared = prepare.read(recipe, origin, name=request["name"], today=_today(request))
    prepared = replace(prepared, choices=str(request.get("choices", "")))
    step(0.7, "Writing the dataset")
    home = Path(request["home"])
    version = writing.publish(request["name"], prepared, home=home)
    return {
        "name": request["name"],
        "version": version,
        "path": str(home / request["name"] / "versions" / version),
        "report": report.report(prepared),
    }


_TASKS: Final[Mapping[str, Callable[[Mapping[str, Any], Progress], dict[str, Any]]]] = {
    "understand": _understand,
    "check": _check,
    "total": _total,
    "prepare": _prepare,
}

if __name__ == "__main__":
    main()
