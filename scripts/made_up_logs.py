"""Made-up runners whose truth is known, as open logs, so that any method can be held against any other.

    python scripts/made_up_logs.py write OUT                    10,000 runners: logs.jsonl.gz and truth.jsonl.gz
    python scripts/made_up_logs.py write OUT --runners 20       the first twenty of them
    python scripts/made_up_logs.py baseline OUT FILE            what the plainest method says: each runner's own rate
    python scripts/made_up_logs.py score OUT FILE               Brier score, log loss, and how far attribution is right

The runners are those of ``tests/outside/worlds``: ten worlds in turn, whose calves cramp by laws that are not Charley's.
Runner ``i`` depends on the seed and on ``i`` alone, so the first twenty of any number are the same. docs/cramp-log.md says
what stands in the files, what a method must hand in, and how it is scored.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

for _library in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_library, "1")
sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

SEED, RUNNERS = 15, 10_000
LOGS, TRUTH = "logs.jsonl.gz", "truth.jsonl.gz"
HELD_BACK = 0.3  # of a runner's hard runs, the latest: what was told of them is only in the truth
SEVERITY = {1: 1, 2: 2, 3: 4}  # a twinge, had to slow, had to stop -> kept running, slowed, stopped
LEAST_CHANCE = 1e-3  # a forecast of 0 or 1 is scored as this far from it: else one slip costs everything
BINS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
# SHA-256 of logs and truth, each as text and before it is packed.
DIGESTS = {
    20: "92b91f9b63d7263258e0dac0bd8ec4df2254960dca63ea788ed1de6fbf5cf493",
    10_000: "673cc72ee0cca2a4ebc306ccc7715f71750cac196c758783ac10eafa10cc4911",
}


# ---- writing ----


def runner(number: int) -> tuple[str, str]:
    """One runner's line of the logs, and of the truth."""
    from outside.worlds import worlds

    names = list(worlds.WORLDS)
    world = names[number % len(names)]
    made = one_of(worlds, world, number)
    hard = [i for i, run in enumerate(made.runs) if run.hard]
    kept = len(hard) - round(HELD_BACK * len(hard))
    runs: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    for place, i in enumerate(hard):
        run, lived = made.runs[i], made.truth.lived[i]
        runs.append(
            {
                "id": f"{number}-{place}",
                "started_at": run.start.replace(tzinfo=UTC).isoformat(),
                "elapsed_s": round(float(run.time_s[-1])),
                "distance_m": round(float(run.distance_m[-1])),
                "components": {name: rounded(value) for name, value in lived.components.items()},
            }
        )
        if run.shoes is not None:
            entries.append(
                {"what": "shoes", "happened_at": runs[-1]["started_at"], "run": runs[-1]["id"], "name": run.shoes}
            )
        if place < kept and run.report is not None:
            entries += told(run, runs[-1])
    log = {"format": "cramp-log", "version": 1, "made_by": "made_up_logs", "runs": runs, "entries": entries}
    truth = {
        "runner": number,
        "world": world,
        "main": list(made.truth.main),
        "shares": {family: rounded(share) for family, share in sorted(made.truth.shares.items())},
        "held_back_from": kept,
        "chance": [rounded(float(made.truth.chance[i])) for i in hard],
        "cramped": [bool(made.truth.lived[i].cramps) for i in hard],
    }
    return line(log), line(truth)


def one_of(worlds: Any, world: str, number: int) -> Any:
    """Runner ``number`` of a world, without those before it."""
    from zlib import crc32

    import numpy as np

    dice = np.random.default_rng([SEED, number, crc32(world.encode())])
    body = worlds.make_body(dice)
    career = worlds.realise(dice, body, worlds.make_plans(dice, body))
    law = worlds._MAKERS[world](dice, career, worlds.proneness(dice))
    return worlds.assemble(dice, world, career, law)


def told(run: Any, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a runner said of a run, as entries of the open format."""
    common = {"happened_at": (run.start.replace(tzinfo=UTC) + timedelta(seconds=row["elapsed_s"])).isoformat(),
              "run": row["id"]}  # fmt: skip
    report = run.report
    for cramp in report.cramps:
        place: dict[str, float] = {}
        if cramp.time_s is not None:
            place = {"at_s": min(round(float(cramp.time_s)), row["elapsed_s"])}
        elif cramp.km is not None:
            share = min(cramp.km * 1000.0 / max(row["distance_m"], 1), 1.0)
            place = {"from_s": 0, "to_s": row["elapsed_s"]} if share <= 0 else {"at_s": round(share * row["elapsed_s"])}
        yield {"what": "cramp", **common, **place, "muscle": cramp.muscle, "side": cramp.side,
               "severity": SEVERITY[cramp.severity]}  # fmt: skip
    if not report.cramps:
        yield {"what": "none", **common}
    if report.after_hours is not None:
        phase = "after_0_1h" if report.after_hours <= 1 else "after_1_6h" if report.after_hours <= 6 else "night"
        yield {"what": "cramp", **common, "phase": phase, "muscle": report.after_muscle, "side": report.after_side}


def rounded(value: float) -> float | None:
    """Three decimals: what another machine's last digits cannot change. None where it was not computed."""
    return None if not math.isfinite(value) else round(float(value), 3) + 0.0


def line(thing: dict[str, Any]) -> str:
    return json.dumps(thing, sort_keys=True, separators=(",", ":")) + "\n"


def write(out: Path, runners: int, workers: int) -> str:
    """Write the files; returns their digest."""
    out.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    logs, truth = (gzip.GzipFile(out / name, "wb", mtime=0) for name in (LOGS, TRUTH))
    with logs, truth, multiprocessing.get_context("spawn").Pool(workers) as pool:
        made: Iterable[tuple[str, str]] = (
            map(runner, range(runners)) if workers == 1 else pool.imap(runner, range(runners), 8)
        )
        for log, known in made:
            logs.write(log.encode())
            truth.write(known.encode())
            digest.update(log.encode() + known.encode())
    return digest.hexdigest()


# ---- scoring ----


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8") as file:
        yield from map(json.loads, file)


def baseline(out: Path) -> Iterator[dict[str, Any]]:
    """The plainest method: each runner's own share of cramped runs, drawn to that of all; it blames nothing."""
    counts = []
    for number, log in enumerate(lines(out / LOGS)):
        during = {
            e["run"]: e["what"] == "cramp"
            for e in log["entries"]
            if e["what"] in ("cramp", "none") and "phase" not in e
        }
        counts.append((number, sum(during.values()), len(during), len(log["runs"])))
    rate = sum(c for _, c, _, _ in counts) / max(sum(n for _, _, n, _ in counts), 1)
    for number, cramped, told_of, runs in counts:
        yield {"runner": number, "chance": [(cramped + 5 * rate) / (told_of + 5)] * runs, "shares": {}}


def score(out: Path, said: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """How good a method is on the runs that were held back, and how well its shares fit the true ones.

    ``brier`` and ``log_loss`` (natural logarithm) are means over runs, ``brier_of_truth`` is what the true chances get.
    ``attribution``: for each bin of the share that was said, how many were said, their mean, and the true mean; a family
    that is not named counts as a share of 0. ``attribution_error`` is the mean distance between the two, by number.
    """
    answers = {row["runner"]: row for row in said}
    brier = loss = best = 0.0
    runs = 0
    bins = [[0, 0.0, 0.0] for _ in BINS[1:]]
    squares = pairs = 0.0
    for truth in lines(out / TRUTH):
        answer = answers.get(truth["runner"])
        if answer is None or len(answer["chance"]) != len(truth["chance"]):
            raise SystemExit(f"runner {truth['runner']}: {len(truth['chance'])} chances are wanted, one a run in order")
        first = truth["held_back_from"]
        for chance, true, cramped in list(zip(answer["chance"], truth["chance"], truth["cramped"], strict=True))[
            first:
        ]:
            if true is None:
                continue
            kept = min(max(float(chance), LEAST_CHANCE), 1 - LEAST_CHANCE)
            brier, best, runs = brier + (float(chance) - cramped) ** 2, best + (true - cramped) ** 2, runs + 1
            loss -= math.log(kept if cramped else 1 - kept)
        for family, true in truth["shares"].items():
            share = min(max(float(answer["shares"].get(family, 0.0)), 0.0), 1.0)
            at = max(i for i, low in enumerate(BINS[:-1]) if share >= low)
            bins[at] = [bins[at][0] + 1, bins[at][1] + share, bins[at][2] + true]
            squares, pairs = squares + (share - true) ** 2, pairs + 1
    table = [
        {"from": low, "to": high, "said": n, "mean_said": round(a / n, 4), "mean_true": round(b / n, 4)}
        for low, high, (n, a, b) in zip(BINS, BINS[1:], bins, strict=False)
        if n
    ]
    error = sum(row["said"] * abs(row["mean_said"] - row["mean_true"]) for row in table) / max(pairs, 1)
    return {"runs": runs, "brier": round(brier / runs, 4), "brier_of_truth": round(best / runs, 4),
            "log_loss": round(loss / runs, 4), "attribution_error": round(error, 4),
            "attribution_rms": round(math.sqrt(squares / pairs), 4), "attribution": table}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=("write", "baseline", "score"))
    parser.add_argument("out", type=Path)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--runners", type=int, default=RUNNERS)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if options.work == "write":
        digest = write(options.out, options.runners, options.workers)
        wanted = DIGESTS.get(options.runners)
        print(f"{options.runners} runners, digest {digest}" + ("" if wanted is None else f", wanted {wanted}"))
        return 0 if wanted in (None, digest) else 1
    if options.file is None:
        parser.error("name the file of what the method says")
    if options.work == "baseline":
        options.file.write_text("".join(map(line, baseline(options.out))), encoding="utf-8")
    else:
        print(json.dumps(score(options.out, lines(options.file)), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
