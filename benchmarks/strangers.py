"""`python -m benchmarks.strangers`: two visitors of a shared server; no answer to one may hold what is the other's.

Both bring a private dataset of the same name, and both look at a shared one. All of a visitor's texts (customers, ids,
products, categories, order numbers, a saved segment's rule) bear a mark, and amounts are their own. Pages, links,
filters, searches, segments, targets, lists made whole and downloads by address follow one another at random on both
sides at the same time. Every answer, byte for byte, is looked through for the other's mark, and for one's own, so that
it is known that the look finds any; what an answer says of money, customers, segments and targets is compared with the
visitor's own rows, counted anew. Each also asks for the files that were made for the other, by their names.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
from pathlib import Path

from benchmarks.processes import ROOT
from benchmarks.server import Server, Session, serve
from benchmarks.way import PRIVATE, SHARED, Visitor, VisitorWalk, rows
from data.generator import publish


def bring(session: Session, me: Visitor) -> None:
    """Drop the rows on the Data page and prepare them."""
    session.run()
    session.drop("Sales files", f"{PRIVATE}.csv", me.rows.write_csv().encode())
    session.run()
    session.visit.press("Prepare")
    session.run()
    if "Open the dashboards" not in session.visit.answer.buttons:
        raise RuntimeError(f"nothing was prepared: {session.visit.answer.alerts}")


def meet(server: Server, answers: int, seed: int) -> list[Visitor]:
    """Both visitors at once, each until it has had half of the answers."""
    rng = random.Random(seed)
    marks = [f"{'qx'[n]}{rng.getrandbits(40):010x}" for n in range(2)]
    both = [Visitor(mark, rows(mark)) for mark in marks]
    failures: list[BaseException] = []
    ready = threading.Barrier(2)

    def visitor(n: int) -> None:
        try:
            with Session(server, "data", raw=True) as session:
                bring(session, both[n])
                ready.wait()
                way, told = VisitorWalk(session, both[n], both[1 - n], seed + n), 0
                while (met := both[n].met.total()) < answers / 2 and not failures:
                    way.act()
                    if met // 500 > told:
                        told = met // 500
                        print(f"visitor {n + 1}: {met:,} answers, {len(both[n].leaks)} leaks", flush=True)
                        print("\n".join(both[n].leaks[-1:]), end="", flush=True)
        except BaseException as error:
            failures.append(error)
            ready.abort()

    threads = [threading.Thread(target=visitor, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return both


def visit(script: Path, answers: int, seed: int) -> list[Visitor]:
    """Both visitors on a server of their own that runs the app's script, with a shared dataset."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        publish.main(lines=1_000, seed=seed, home=home, name=SHARED)
        shared = {"SALES_HOME": str(home), "SALES_WRITE": "0", "SALES_WORKSPACES": f"{folder}/workspaces"}
        with serve(script, folder=ROOT, environment=shared) as server:
            return meet(server, answers, seed)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.strangers", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--answers", type=int, default=20_000, help="answers of both together (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    both = visit(ROOT / "Home.py", chosen.answers, chosen.seed)
    met = both[0].met + both[1].met
    print(f"{met.total():,} answers: {', '.join(f'{count:,} {kind}' for kind, count in sorted(met.items()))}")
    print(f"answers that hold one's own mark: {both[0].own + both[1].own:,}")
    for name, found in (("leaks", [*both[0].leaks, *both[1].leaks]), ("wrong", [*both[0].wrong, *both[1].wrong])):
        print(f"{name}: {len(found)}")
        for one in found[:10]:
            print(f"    {one}")
    if any((one.leaks or one.wrong) for one in both):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
