"""Carries the uncertainty of the motor pool's fitted constants by simulation.

    python scripts/posterior_neuromuscular.py                  # goes on where it stopped, then writes the page
    python scripts/posterior_neuromuscular.py --workers 2      # two processes; --scheduler ADDRESS: a Dask cluster whose
                                                               # workers have scripts/ on their path
    python scripts/posterior_neuromuscular.py --pages          # only writes the page from what was kept

Procedure, written before it was run:

1. Constants: those that scripts/calibrate_neuromuscular.py fits on the outcomes below. Prior of each: normal around its
   fitted value, with a tenth of the range of the table of constants as standard deviation, cut at that range. It is
   centred on the fit, so that a constant that no experiment tells anything of stays near it. (With a quarter, the first
   try, outcomes bend too much for 80 sets to learn from: losses of 100 to 940, where the fitted set has 54, and no set
   was kept. After it the sizes of the waves
   were changed too, and sets learnt from the better half, as a wave from all sets kept 27 in 100.)
2. Outcomes: the calibration's own, fitted ones alone, in the short form of scripts/calibration_short.py (no groups, one or
   two seeds, the same for every set). Loss: the calibration's, squares of errors, each z cut at 10.
3. A wave of 60 sets for learning, from the prior at half its width; then waves of 60 to 80 from the emulated
   posterior (scripts/emulated_posterior.py). Kept are sets of these last waves with a loss that does not exceed the fitted
   set's (mean of 6 noises) by more than the 95 % quantile of chi-square with as many degrees of freedom as constants;
   waves go on until 200 are kept.
4. The interval of an outcome: 5 and 95 % of the kept sets. Beside it stands what chance alone does to the same outcome, from
   the fitted set under 6 noises.

Every simulated set is a line of the store; a run that was stopped goes on. Some 30 minutes of one core.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from calibrate_neuromuscular import FITTED
from calibration_experiments import AH, CALF, FHB
from calibration_short import short_rows
from emulated_posterior import Prior, Simulated, posterior
from scipy.stats import chi2

from charley.api.workers import sharing
from charley.evidence import parameters
from charley.lab.last_table import MODEL_VERSION
from charley.neuromuscular import constants
from charley.parallel.tasks import Task, Workers
from charley.vocabulary.arrays import Floats

ROOT = Path(__file__).resolve().parents[1]
STORE = ROOT / "build" / "posterior-neuromuscular.jsonl"
KEPT, PAGE = ROOT / "docs" / "posterior-neuromuscular.json", ROOT / "docs" / "posterior-neuromuscular.md"
NOISES, FITTED_WAVE = 6, -1
WIDTH = 0.1  # of the prior, in ranges of the table
WAVES, AFTER, WANTED = (60,), (60, 60, 60, 60, 80), 200
# Set by E08's run, E15, E23 and E27, of which the short form has the first alone; no stage moves the last that is left.
LEFT = ("fast_fatigue_shift_mv", "sensitisation_shift_mv", "letting_go_inhibition", "downhill_run_fast_fatigue")
CONSTANTS = tuple(name for name in FITTED if name not in (*LEFT, "trait_other_tendon_organ"))
LARGEST_Z = 10.0


def model() -> str:
    """Digest of the pool's numbers in every muscle here, and of the version of its equations."""
    numbers = [list(constants(muscle)) for muscle in (AH, CALF, FHB)]
    return hashlib.sha256(json.dumps([MODEL_VERSION, numbers]).encode()).hexdigest()[:16]


def fitted() -> dict[str, float]:
    """The table's values."""
    p = constants()
    return {name: float(getattr(p, name)) for name in CONSTANTS}


def prior() -> Prior:
    """See the procedure."""
    known = parameters("neuromuscular")
    low, high = (np.array([getattr(known[n], end) for n in CONSTANTS], float) for end in ("low", "high"))
    return Prior(np.array(list(fitted().values())), WIDTH * (high - low), low, high)


def simulated(wave: int, index: int, values: tuple[float, ...], seed: int) -> tuple[int, int, list[float], list[float]]:
    """One set: its number, its constants, and its outcomes as they come."""
    rows = short_rows(dict(zip(CONSTANTS, values, strict=True)), seed)
    return wave, index, list(values), [float(row.simulated) for row in rows]


class Store:
    """Sets that were simulated with this model, one a line, by wave and number."""

    def __init__(self, path: Path, workers: Workers) -> None:
        self.path, self.workers, self.model = path, workers, model()
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
        self.done = {(d["wave"], d["index"]): d for d in lines if d["model"] == self.model}

    def outcomes(self, wave: int, sets: Floats, seeds: list[int]) -> Floats:
        """(sets, outcomes); what is there is taken, the rest simulated and kept."""
        rounded = [tuple(float(f"{v:.6g}") for v in row) for row in sets]
        known = {i for i, row in enumerate(rounded) if self.done.get((wave, i), {}).get("values") == list(row)}

        def tasks() -> Iterator[Task[tuple[int, int, list[float], list[float]]]]:
            for i, row in enumerate(rounded):
                if i not in known:
                    yield Task(simulated, (wave, i, row, seeds[i]))

        with self.path.open("a", encoding="utf-8") as file:
            for at, index, values, found in self.workers.run(tasks()):
                line = {"model": self.model, "wave": at, "index": index, "values": values, "outcomes": found}
                self.done[at, index] = line
                file.write(json.dumps(line) + "\n")
                file.flush()
                if index % 20 == 0:
                    print(f"  wave {at}: set {index} of {len(rounded)}", flush=True)
        return np.array([self.done[wave, i]["outcomes"] for i in range(len(rounded))])


def standardised(found: Floats, published: Floats, error: Floats) -> Floats:
    """z, with what is not finite at the worst, as in the loss of the calibration."""
    z = np.where(np.isfinite(found), (found - published) / error, LARGEST_Z)
    return np.clip(z, -LARGEST_Z, LARGEST_Z)


def run(
    workers: Workers, path: Path, waves: tuple[int, ...] = WAVES, after: tuple[int, ...] = AFTER, wanted: int = WANTED
) -> dict[str, object]:
    """Everything that is kept of it, as plain values. ``waves`` and ``after``: sets in each wave for learning, and in each
    that follows."""
    store, here = Store(path, workers), prior()
    rows = short_rows(fitted(), 1)
    published, error, weight = (np.array([getattr(r, n) for r in rows]) for n in ("published", "error", "weight"))
    noises = [1 + 10 * k for k in range(NOISES)]
    chance = store.outcomes(FITTED_WAVE, np.tile(here.middle, (NOISES, 1)), noises)
    level = float((weight * standardised(chance, published, error) ** 2).sum(axis=1).mean())
    bound = level + float(chi2.ppf(0.95, len(CONSTANTS)))

    def simulate(wave: int, sets: Floats) -> Floats:
        return standardised(store.outcomes(wave, sets, [1] * len(sets)), published, error)

    done, kept = posterior(here, simulate, weight, bound, wanted, waves, after)
    return table(done, kept, store, {"loss": level, "bound": bound}, rows, chance)


def table(
    done: Simulated, kept: Floats, store: Store, told: dict[str, float], rows: list, chance: Floats
) -> dict[str, object]:
    """What the page and whoever goes on needs: the sets that were kept, and what they and the fitted set give."""
    index = np.concatenate([np.arange((done.wave == w).sum()) for w in range(int(done.wave.max()) + 1)])
    numbers = [(int(w), int(i)) for w, i in zip(done.wave[kept], index[kept], strict=True)]
    loss = done.loss(np.array([r.weight for r in rows]))
    last = done.wave >= done.wave[kept].min()
    return {
        "model": store.model,
        "simulated": len(done.sets) + len(chance),
        "last_waves": int(last.sum()),
        "loss_fitted": round(told["loss"], 2),
        "bound": round(told["bound"], 2),
        "loss": [round(float(v), 1) for v in loss[kept]],
        "constants": list(CONSTANTS),
        "fitted": [float(f"{v:.4g}") for v in fitted().values()],
        "sets": [[float(f"{v:.4g}") for v in store.done[n]["values"]] for n in numbers],
        "outcomes": [[r.experiment, r.quantity, r.published, r.error] for r in rows],
        "found": [[plain(v) for v in store.done[n]["outcomes"]] for n in numbers],
        "chance": [[plain(v) for v in row] for row in chance],
    }


def plain(value: float) -> float | None:
    """Four digits; None where there was nothing to measure."""
    return float(f"{value:.4g}") if np.isfinite(value) else None


# ---- the page ----


def page(kept: dict) -> str:
    """docs/posterior-neuromuscular.md"""
    sets, found, chance = (np.array(kept[n], float) for n in ("sets", "found", "chance"))
    known = parameters("neuromuscular")
    lines = [
        "# Uncertainty of the motor pool's constants",
        "",
        "Made by `scripts/posterior_neuromuscular.py`, whose first lines state the procedure. The sets that were kept stand in",
        "`posterior-neuromuscular.json` beside this page, one constant a column.",
        "",
    ]
    lines += [
        f"{len(sets)} sets of {len(kept['constants'])} constants are kept, of {kept['last_waves']} drawn from the posterior and "
        f"{kept['simulated']} simulated in all. The",
        f"fitted set's loss in the short form is {kept['loss_fitted']:.1f} (mean of {len(chance)} noises); kept is up to "
        f"{kept['bound']:.1f}. The kept sets have a median of {np.median(kept['loss']):.1f}, {min(kept['loss']):.1f} at least.",
        "",
        *([] if len(sets) >= WANTED else [f"The run was stopped before {WANTED} sets were kept.", ""]),
        "## What the constants leave open in each outcome",
        "",
        "*By the constants*: 5 to 95 % of the kept sets. *By chance*: standard deviation of the fitted set under other noises, which",
        "the first column of figures holds too. Outcomes are in the short form, which differs a little from that of",
        "[calibration-neuromuscular.md](calibration-neuromuscular.md).",
        "",
        "| experiment | quantity | published | fitted set | by the constants | by chance |",
        "|---|---|---|---|---|---|",
    ]
    for k, (experiment, quantity, published, error) in enumerate(kept["outcomes"]):
        low, high = np.nanquantile(found[:, k], [0.05, 0.95])
        lines.append(
            f"| {experiment} | {quantity} | {published:g} ± {error:g} | {np.nanmean(chance[:, k]):.2f} | "
            f"{low:.2f} to {high:.2f} | {np.nanstd(chance[:, k]):.2f} |"
        )
    lines += [
        "",
        "## What the experiments say of each constant",
        "",
        "*Left*: standard deviation of the kept sets over that of the prior; 1 where the experiments tell nothing.",
        "",
        "| constant | fitted | 5 to 95 % | range of the table | left |",
        "|---|---|---|---|---|",
    ]
    for k, name in enumerate(kept["constants"]):
        low, high = np.quantile(sets[:, k], [0.05, 0.95])
        row = known[name]
        left = sets[:, k].std() / _prior_sd(kept["fitted"][k], row.low, row.high)
        lines.append(
            f"| `{name}` | {kept['fitted'][k]:.4g} | {low:.4g} to {high:.4g} | {row.low:g} to {row.high:g} | {left:.2f} |"
        )
    lines += ["", "## Constants that move together", "", "| two constants | correlation |", "|---|---|"]
    together = np.corrcoef(sets.T)
    pairs = [(abs(together[i, j]), i, j) for i in range(len(together)) for j in range(i)]
    for _, i, j in sorted(pairs, reverse=True)[:10]:
        lines.append(f"| `{kept['constants'][j]}`, `{kept['constants'][i]}` | {together[i, j]:+.2f} |")
    lines += ["", *HOLDS_NOT]
    return "\n".join(lines) + "\n"


def _prior_sd(middle: float, low: float, high: float) -> float:
    """Standard deviation of the prior of one constant, cut at its range."""
    at = np.linspace(low, high, 2001)
    density = np.exp(-0.5 * ((at - middle) / (WIDTH * (high - low))) ** 2)
    mean = (at * density).sum() / density.sum()
    return float(np.sqrt(((at - mean) ** 2 * density).sum() / density.sum()))


HOLDS_NOT = [
    "## What these intervals do not hold",
    "",
    "* That the equations are wrong. A mechanism that is missing is in none of the sets, and most misses of",
    "  [validation.md](validation.md) are of that kind: no set of constants mends them.",
    "* The constants that nobody fitted: they stand at the values of [parameters.md](parameters.md) in every set.",
    "* People: who a study happened to test. The short form has no groups, and people of the laboratory vary besides.",
    "* What lies far from the fit. The prior is centred on it and a tenth of the table's range wide, so that intervals are",
    "  too narrow for a constant that the experiments tell little of, and a second region that fits as well is not found.",
    "* Fatigue (E15), the after-effect of a cramp (E23) and who cramps at will (E25, E27), which the short form leaves out with",
    "  the constants set on them. E18 sets none.",
    "* Exactness. Outcomes are taken as linear in the constants where sets are drawn, errors as normal and independent, and",
    "  several outcomes of one study as so many measurements. Each kept set was simulated itself and passed the bound, and",
    "  the bound is what stands between the approximation and the interval.",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", action="store_true", help="only write the page")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--scheduler", help="address of a Dask scheduler, tcp://...")
    parser.add_argument("--store", type=Path, default=STORE)
    parser.add_argument("--wanted", type=int, default=WANTED, help="sets to keep")
    asked = parser.parse_args()
    if not asked.pages:
        with sharing(asked.workers, asked.scheduler, model) as workers:
            kept = run(workers, asked.store, wanted=asked.wanted)
        KEPT.write_text(json.dumps(kept) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(KEPT.read_text("utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
