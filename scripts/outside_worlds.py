"""Charley among runners whose cramps are made by other laws than its own, for docs/outside.md.

    python scripts/outside_worlds.py run --worlds outside.worlds.worlds --seed 1 --runners 30 --store FOLDER
    python scripts/outside_worlds.py eight --store FOLDER
    python scripts/outside_worlds.py page --store FOLDER [FOLDER ...]

``--worlds`` is a module (or the path of one) with ``WORLDS`` and ``runners(world, n, seed)``. Each runner is kept as one
line of JSON as soon as it is done, so that a stop loses nothing and the next call carries on.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

for _library in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):  # threads that wait cost a core each
    os.environ.setdefault(_library, "1")

MOST_LOOKED_AT = 1000  # runners of a world, where only some are taken
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[0] / "tests")]


def module_of(name: str) -> ModuleType:
    """The module of that name, or the one in a file."""
    path = Path(name)
    if path.suffix == ".py" and path.exists():
        sys.path.insert(0, str(path.resolve().parent))
        return importlib.import_module(path.stem)
    return importlib.import_module(name)


def runners(
    module: ModuleType, worlds: list[str], first: int, last: int, seed: int, least_cramps: int = 0
) -> Iterator[tuple[str, int, Any]]:
    """Runners ``first`` to ``last`` of each world, world after world within each number, so that all grow alike.

    ``least_cramps``: only those who told of so many cramped hard runs and have a cause that a family of the engine holds.
    They are for names and shares; forecasts are never judged on runners who were chosen by what came.
    """

    def fitting(world: str) -> Iterator[tuple[int, Any]]:
        for i, runner in enumerate(module.runners(world, MOST_LOOKED_AT if least_cramps else last, seed)):
            if not least_cramps or rich(runner, least_cramps):
                yield i, runner

    streams = {w: fitting(w) for w in worlds}
    for n in range(last):
        for world in worlds:
            found = next(streams[world], None)
            if found is not None and n >= first:
                yield world, *found


def rich(runner: Any, least_cramps: int) -> bool:
    """Whether a runner told of so many cramped hard runs, and a family of the engine holds the true main cause."""
    from outside_record import ENGINE_FAMILY

    told = sum(run.hard and run.report is not None and bool(run.report.cramps) for run in runner.runs)
    return told >= least_cramps and any(m in ENGINE_FAMILY for m in runner.truth.main)


def done(path: Path) -> set[tuple[str, int, int]]:
    """Which runners stand in the store."""
    if not path.exists():
        return set()
    rows = (json.loads(line) for line in path.read_text().splitlines())
    return {(r["world"], r["seed"], r["i"]) for r in rows}


def run(options: argparse.Namespace) -> None:
    from outside_record import record

    module = module_of(options.worlds)
    worlds = options.only or list(module.WORLDS)
    chosen = f"-least-{options.least_cramps}" if options.least_cramps else ""
    store = options.store / f"{module.__name__.rpartition('.')[2]}-{options.seed}-{options.first}{chosen}.jsonl"
    options.store.mkdir(parents=True, exist_ok=True)
    there = done(store)
    last = options.first + options.runners
    for world, i, runner in runners(module, worlds, options.first, last, options.seed, options.least_cramps):
        if (world, options.seed, i) in there:
            continue
        row = record(world, options.seed, i, runner, options.journals, ablate=i < options.ablate)
        row["least_cramps"] = options.least_cramps
        with store.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(world, i, f"{row['cpu_s']:.1f} s", row["truth"]["main"], row["answer"]["named"], flush=True)


def eight(options: argparse.Namespace) -> None:
    """Runners of whom eight fast starts of sixteen all cramped: the shares of pace and load, for some seeds each."""
    import tempfile

    from charley.api import history
    from outside import told
    from outside.worlds import cases

    options.store.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(1, 5):
        with tempfile.TemporaryDirectory() as folder:
            path = told.tell(Path(folder) / "journal.sqlite", cases.case_a(number))
            for seed in range(1, 4):
                over = history.why(path, seed=seed).journal
                assert over is not None
                share = {f.id: round(f.share.mean, 3) for f in over.families if f.id in ("pace", "load")}
                rows.append({"runner": number, "seed": seed, **share})
    (options.store / "eight.json").write_text(json.dumps(rows))


def page(options: argparse.Namespace) -> None:
    from outside_page import write

    write(options.store)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    live = commands.add_parser("run")
    live.add_argument("--worlds", default="outside.worlds.worlds")
    live.add_argument("--only", nargs="*", help="some worlds of the module")
    live.add_argument("--seed", type=int, default=1)
    live.add_argument("--first", type=int, default=0)
    live.add_argument("--runners", type=int, default=30, help="of each world")
    live.add_argument(
        "--least-cramps", type=int, default=0, help="only runners with so many, and with a cause: for names"
    )
    live.add_argument("--ablate", type=int, default=0, help="so many of each world with parts of the hazard taken out")
    live.add_argument("--store", type=Path, required=True)
    live.add_argument("--journals", type=Path, help="keep the journals in this folder")
    live.set_defaults(go=run)
    starts = commands.add_parser("eight")
    starts.add_argument("--store", type=Path, required=True)
    starts.set_defaults(go=eight)
    made = commands.add_parser("page")
    made.add_argument("--store", type=Path, nargs="+", required=True)
    made.set_defaults(go=page)
    options = parser.parse_args()
    options.go(options)


if __name__ == "__main__":
    main()
