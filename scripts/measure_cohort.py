"""Measures what a cohort costs and makes docs/scale.md: `python scripts/measure_cohort.py 1000x1 10000x2` (runners x processes).

Each run is added to docs/scale.json in place of an earlier one of the same size; without arguments only the page is made.
A run that is stopped goes on from its checkpoint (build/scale/) when the same size is asked for again: what is then measured
is the rest of it.
Processor time is the measure: the machine has other work, and wall time then says little.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KEPT, PAGE = ROOT / "docs/scale.json", ROOT / "docs/scale.md"
CHECKPOINTS = ROOT / "build/scale"
FIELD = "boston-2004"
BAR = 40
TEN_MINUTES_S, LIMIT_MB = 600.0, 500.0


def measure(runners: int, workers: int) -> dict[str, Any]:
    """One run of the command, with all that its processes cost."""
    CHECKPOINTS.mkdir(parents=True, exist_ok=True)
    checkpoint = CHECKPOINTS / f"{runners}x{workers}.npz"
    before, load = resource.getrusage(resource.RUSAGE_CHILDREN), os.getloadavg()[0]
    command = [sys.executable, "-m", "charley", "cohort", "--field", FIELD, "--json"]
    command += ["--runners", str(runners), "--workers", str(workers), "--checkpoint", str(checkpoint)]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    checkpoint.unlink()
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    kept = {
        name: found[name]
        for name in ("runners", "simulated_now", "workers", "seconds", "processor_s", "peak_mb", "digest")
    }
    return kept | {
        "all_processor_s": spent,
        "load": load,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def cost_s(row: dict[str, Any]) -> float:
    """Processor time a runner, of those that were simulated in this run."""
    return float(row["processor_s"] / row.get("simulated_now", row["runners"]))


def page(rows: list[dict[str, Any]]) -> str:
    """The page of all runs that were kept."""
    rows = sorted(rows, key=lambda r: (r["runners"], r["workers"]))
    table = "\n".join(
        f"| {r['runners']:,d}{rest(r)} | {r['workers']} | {r['seconds']:.0f} s | {r['processor_s']:.1f} s | {1e3 * cost_s(r):.2f} ms "
        f"| {100 * (1 - r['processor_s'] / r['all_processor_s']):.0f} % | {r['peak_mb']:.0f} MB | {r['load']:.0f} | `{r['digest'][:12]}` |"
        for r in rows
    )
    most = max(1e3 * cost_s(r) for r in rows)
    bars = "\n".join(
        f"{r['runners']:>10,d} x {r['workers']}  {1e3 * cost_s(r):5.2f} ms  {'#' * round(BAR * 1e3 * cost_s(r) / most)}"
        for r in rows
    )
    big = rows[-1]
    each_s = cost_s(big)
    whole = 1.0 - big["processor_s"] / big["all_processor_s"]
    million_s = 1e6 * each_s / 2 / (1 - whole)
    held = {
        "million": f"{million_s / 60:.1f} min on two cores that have nothing else to do",
        "verdict": "below" if million_s <= TEN_MINUTES_S else "above",
    }
    peak = max(r["peak_mb"] for r in rows if r["workers"] == 2)
    reached = (
        "This is measured."
        if big["runners"] >= 1_000_000
        else f"This is carried on from {big['runners']:,d} runners; the run of a million itself is not among the rows below."
    )
    return (
        f"""# What a field of virtual runners costs

Made by `python scripts/measure_cohort.py`; field `{FIELD}`, {rows[-1]["machine"]}, Python {rows[-1]["python"]}. Processor time is what counts:
other work ran on the two cores (load beside each row), so that wall time says little.

| asked | found |
| --- | --- |
| a million marathons in 10 min on two cores | {held["million"]}, from {1e3 * each_s:.2f} ms of processor time a runner: {held["verdict"]} the limit. {reached} |
| at most {LIMIT_MB:.0f} MB over all processes | {peak:.0f} MB with two processes ({"held" if peak <= LIMIT_MB else "missed"}) |
| scheduling at most 5 % | {100 * whole:.1f} % of all processor time at {big["runners"]:,d} runners is anything but simulating, starting the processes and their imports with it ({"held" if whole <= 0.05 else "missed"}) |

| runners | processes | wall | simulating | a runner | not simulating | peak, summed | load | digest |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{table}

The same digest for the same runners, however many processes.

```text
processor time a runner
{bars}
```

The cost a runner is the same at every size: a chunk knows nothing of the others, and what is kept (whole numbers on fixed grids) does
not grow. Ten million take ten times as long, in the same memory.

## What a rented cluster would take

Simulating alone, at {1e3 * each_s:.2f} ms a runner, with 5 % for the rest. No cluster was rented: this is a sum, not a measurement.

| runners | core hours | on 32 cores | on 256 cores |
| --- | --- | --- | --- |
"""
        + "\n".join(
            f"| {n:,d} | {n * each_s * 1.05 / 3600:,.2f} | {span(n * each_s * 1.05 / 32)} | {span(n * each_s * 1.05 / 256)} |"
            for n in (10**6, 10**7, 10**8)
        )
        + "\n"
    )


def rest(row: dict[str, Any]) -> str:
    """Said of a run that went on after a stop."""
    now = row.get("simulated_now", row["runners"])
    return "" if now == row["runners"] else f" (the last {now:,d} after a stop)"


def span(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 120
        else f"{seconds / 60:.0f} min"
        if seconds < 7200
        else f"{seconds / 3600:.1f} h"
    )


if __name__ == "__main__":
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    for size in sys.argv[1:]:
        n, w = (int(part) for part in size.split("x"))
        kept = [r for r in kept if (r["runners"], r["workers"]) != (n, w)] + [measure(n, w)]
        KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(kept), encoding="utf-8")
