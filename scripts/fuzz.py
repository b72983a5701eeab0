"""Coverage-guided fuzzing of everything that reads what others made; resumable, and its figures are kept.

    python scripts/fuzz.py --state .fuzz                 every kind in turn, until each has its number of inputs
    python scripts/fuzz.py --state .fuzz --only fit,gpx  these kinds
    python scripts/fuzz.py --state .fuzz --again         the inputs that showed a fault, once more
    python scripts/fuzz.py --state .fuzz --report        the figures into docs/reliability.md

Needs the extra: pip install 'charley[fuzz]'. What is checked of each kind stands in ``fuzz_targets``. An input that
shows a fault is kept in the folder of the state under ``faults/KIND`` with its traceback, one for each place, and the
work goes on. An input counts as slow from 3 s of processor time, and as too large from 500 MB.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import random
import resource
import subprocess
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import reliability_page

if TYPE_CHECKING:
    from fuzz_targets import Target

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

SLICE = 25_000  # inputs of one process: what it learnt is in the corpus, and a new one starts with little memory
SLOW_S, LARGE_BYTES = 3.0, 500 * 2**20
COUNT_EVERY = 200


class State:
    """The folder of a campaign: corpora, faults, and how many inputs each kind had."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def corpus(self, kind: str) -> Path:
        """The inputs that reached something new."""
        there = self.folder / "corpus" / kind
        there.mkdir(parents=True, exist_ok=True)
        return there

    def faults(self, kind: str) -> Path:
        """The inputs that showed a fault, with what they showed."""
        there = self.folder / "faults" / kind
        there.mkdir(parents=True, exist_ok=True)
        return there

    def figures(self) -> dict[str, dict[str, Any]]:
        """Inputs, seconds of processor time and faults ever seen of each kind; a new campaign goes on from those kept."""
        file = self.folder / "figures.json"
        if not file.exists():
            kept = reliability_page.figures().get("fuzz", {})
            names = {"inputs": "inputs", "cpu_s": "cpu_s", "mended": "mended_before"}
            return {kind: {to: row[name] for name, to in names.items()} for kind, row in kept.items()}
        found: dict[str, dict[str, Any]] = json.loads(file.read_text())
        return found

    def add(self, kind: str, inputs: int, seconds: float) -> dict[str, Any]:
        """Count a slice."""
        all_of = self.figures()
        row = all_of.setdefault(kind, {"inputs": 0, "cpu_s": 0.0})
        row["inputs"] += inputs
        row["cpu_s"] = round(row["cpu_s"] + seconds, 1)
        row["corpus"] = len(list(self.corpus(kind).iterdir()))
        row["faults"] = len(list(self.faults(kind).glob("*.bin")))
        row["until"] = datetime.now(UTC).date().isoformat()
        part = self.folder / "figures.json.part"
        part.write_text(json.dumps(all_of, indent=1, sort_keys=True))
        part.replace(self.folder / "figures.json")
        return row


def keep_fault(folder: Path, data: bytes, error: BaseException | str) -> None:
    """One input for each place that failed."""
    if isinstance(error, str):
        key, text = error.split(":")[0], error
    else:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if "charley" in f.filename]
        last = f"{Path(frames[-1].filename).name}-{frames[-1].lineno}" if frames else "outside"
        what = str(error)[:40] if type(error).__name__ == "Wrong" else ""
        key = f"{type(error).__name__}-{last}-{hashlib.sha256(what.encode()).hexdigest()[:4] if what else ''}"
        text = "".join(traceback.format_exception(error))
    if not (folder / f"{key}.bin").exists():
        (folder / f"{key}.bin").write_bytes(data)
        (folder / f"{key}.txt").write_text(text)


def checked(target: Target, data: bytes, faults: Path) -> None:
    """Run one input; a fault is kept, and only Ctrl-C stops the work."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    try:
        target.check(data)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        keep_fault(faults, data, error)
    took = time.process_time() - began
    if took > SLOW_S:
        keep_fault(faults, data, f"slow: {took:.1f} s for {len(data)} bytes")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    if grown > LARGE_BYTES:
        keep_fault(faults, data, f"large: {grown / 2**20:.0f} MB for {len(data)} bytes")


def one_slice(kind: str, state: State, inputs: int, count_file: Path) -> None:
    """In a process of its own: so many inputs of one kind. Does not return."""
    import atheris

    with atheris.instrument_imports(include=["charley.activities", "charley.journal", "fuzz_targets"]):
        import fuzz_targets
    target = fuzz_targets.TARGETS[kind]
    corpus, faults = state.corpus(kind), state.faults(kind)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    done = 0

    def one_input(data: bytes) -> None:
        nonlocal done
        done += 1
        if done % COUNT_EVERY == 0:
            count_file.write_text(str(done))
        checked(target, data, faults)

    def change(data: bytes, most: int, seed: int) -> bytes:
        dice = random.Random(seed)
        assert target.change is not None
        return target.change(bytes(data), most, dice, atheris.Mutate)[:most]

    options = [sys.argv[0], str(corpus), f"-runs={inputs}", f"-max_len={target.most_bytes}", "-timeout=120",
               "-rss_limit_mb=4096", "-verbosity=0", "-print_final_stats=0", f"-seed={random.randrange(1, 2**31)}",
               f"-artifact_prefix={faults}/"]  # fmt: skip
    how = {"custom_mutator": change} if target.change is not None else {}
    atheris.Setup(options, one_input, **how)
    atheris.Fuzz()


def campaign(kinds: dict[str, int], state: State, slice_inputs: int) -> int:
    """Slices of each kind in turn until each has its number."""
    count_file = state.folder / "count"
    while True:
        left = {k: goal - state.figures().get(k, {}).get("inputs", 0) for k, goal in kinds.items()}
        left = {k: n for k, n in left.items() if n > 0}
        if not left:
            return 0
        for kind, missing in left.items():
            count_file.write_text("0")
            inputs = min(slice_inputs, missing + COUNT_EVERY)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run(
                [sys.executable, __file__, "--state", str(state.folder), "--slice", kind, "--inputs", str(inputs)],
                capture_output=True, check=False,
            )  # fmt: skip
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            counted = int(count_file.read_text() or 0)
            if done.returncode != 0 and counted == 0:
                print(done.stderr.decode(errors="replace")[-2000:], file=sys.stderr)
                return 1
            row = state.add(kind, counted, spent)
            print(f"{kind}: {row['inputs']} inputs, {row['faults']} faults, corpus {row['corpus']}", flush=True)


def again(state: State, kinds: dict[str, int]) -> int:
    """The inputs that showed a fault, once more; those that show it no longer go to ``mended``."""
    import fuzz_targets

    open_ones = 0
    for kind in kinds:
        folder, mended = state.faults(kind), state.folder / "mended" / kind
        mended.mkdir(parents=True, exist_ok=True)
        for file in [p for p in folder.iterdir() if p.suffix != ".txt"]:
            began = time.process_time()
            try:
                fuzz_targets.TARGETS[kind].check(file.read_bytes())
                good = time.process_time() - began < SLOW_S
                what = "" if good else "slow"
            except Exception as error:
                good, what = False, f"{type(error).__name__}: {error}"
            if good:
                for path in (file, file.with_suffix(".txt")):
                    with contextlib.suppress(FileNotFoundError):
                        path.rename(mended / path.name)
            else:
                open_ones += 1
                print(f"{kind}: {file.name}: {what[:150]}")
    return int(open_ones > 0)


def report(state: State, goals: dict[str, int]) -> None:
    """The figures of the campaign, kept beside the page that shows them."""
    found = state.figures()
    for kind, row in found.items():
        mended = state.folder / "mended" / kind
        row["faults"] = len(list(state.faults(kind).glob("*.bin")))
        row["mended"] = row.pop("mended_before", 0) + (len(list(mended.glob("*.bin"))) if mended.is_dir() else 0)
        row["corpus"] = len(list(state.corpus(kind).iterdir()))
        row["goal"] = goals.get(kind, reliability_page.GOAL)
    reliability_page.keep("fuzz", found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--state", type=Path, default=ROOT / ".fuzz", help="the folder of the campaign")
    parser.add_argument("--only", default="", help="kinds, by commas")
    parser.add_argument("--inputs", type=int, default=0, help="of each kind; left out: what the kind says")
    parser.add_argument("--slice-inputs", type=int, default=SLICE, help="inputs of one process")
    parser.add_argument("--again", action="store_true", help="run the faults that were found once more")
    parser.add_argument("--report", action="store_true", help="the figures into docs/reliability.md")
    parser.add_argument("--slice", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    state = State(options.state)
    if options.slice:
        one_slice(options.slice, state, options.inputs, state.folder / "count")
        return 0
    from fuzz_targets import TARGETS

    if options.report:
        report(state, {name: target.goal for name, target in TARGETS.items()})
        return 0
    named = options.only.split(",") if options.only else list(TARGETS)
    kinds = {name: options.inputs or TARGETS[name].goal for name in named}
    return again(state, kinds) if options.again else campaign(kinds, state, options.slice_inputs)


if __name__ == "__main__":
    sys.exit(main())
