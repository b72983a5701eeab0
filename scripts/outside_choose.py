"""docs/outside-choice.md: what is chosen by looking at made-up runners of other laws, by a rule that stands beforehand.

    python scripts/outside_worlds.py run --seed ... --store FOLDER      runners to choose on, never to report
    python scripts/outside_choose.py FOLDER [FOLDER ...]

Nothing is set here: the page says what the rule chooses, and the table of parameters takes it. The log loss is the one
that is expected from the true chances of the worlds, which are known: what happened to come would add its own noise.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from outside_page import FALSE, MISSED, Row, families, log_loss, rows_of

from charley.answers.history.tables import SPEAKS_FOR
from charley.inference.own_rate import foretold_by_rate, weight_of_rate

PAGE = Path(__file__).resolve().parents[1] / "docs" / "outside-choice.md"
WEIGHTS, STRENGTHS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.65), (2.0, 4.0, 8.0)
SHORT_KM, LONG_KM = 18.0, 40.0


class Runner:
    """One runner's told hard runs: true chances, and what each kind of muscle is foretold from."""

    def __init__(self, row: Row) -> None:
        told = [r for r in row["runs"] if r.get("causes alone") is not None]
        true = np.array([r["chance"] for r in told], float)
        self.world, self.said = row["world"], (1 - MISSED) * true + FALSE * (1 - true)
        self.km = np.exp(np.array([r["x"][0] for r in told], float))
        self.parts = [_evidence(part) for part in row["pool"].values()]
        numbers = [r["n"] for r in told]  # a run may be hard to the engine and not to its world
        self.judged = np.isin(row.get("pool_runs", numbers), numbers)

    def pooled(self, weight: float, strength: float) -> np.ndarray:
        """Chance of each told hard run."""
        none = np.ones(self.judged.size)
        for causes, before, cramped, log_causes in self.parts:
            alike, by_rate = foretold_by_rate(before, cramped, strength)
            share = weight_of_rate(by_rate, log_causes, weight)[:-1] if weight else np.zeros(cramped.size)
            none *= 1 - ((1 - share) * causes + share * alike)
        return (1 - none)[self.judged]

    def loss(self, p: np.ndarray) -> np.ndarray:
        """Expected log loss of each run."""
        return self.said * log_loss(p, np.ones_like(p)) + (1 - self.said) * log_loss(p, np.zeros_like(p))


def _evidence(part: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Chances by causes and before the log, what came, and the log evidence of the causes after so many runs."""
    causes, before = (np.array(part[k], float) for k in ("causes", "before"))
    cramped = np.array(part["cramped"], bool)
    weight = np.clip(np.array(part["weight"], float), 1e-6, 1 - 1e-6)
    prior = float(part["weight"][0])
    _, by_rate = foretold_by_rate(before, cramped, float(part["strength"]))
    return causes, before, cramped, by_rate + np.log(prior / (1 - prior)) - np.log(weight / (1 - weight))


def pooling(runners: Sequence[Runner]) -> str:
    """The table of weights and strengths, and what the rule takes."""
    runs = sum(r.said.size for r in runners)
    losses = {
        (w, s): np.array([r.loss(r.pooled(w, s)).sum() for r in runners])
        for w in WEIGHTS
        for s in (STRENGTHS if w else STRENGTHS[:1])
    }
    best = min(losses, key=lambda k: losses[k].sum())
    gap = {k: v - losses[best] for k, v in losses.items()}
    within = {k for k, g in gap.items() if g.sum() <= g.std() * len(g) ** 0.5}
    taken = min(within, key=lambda k: (k[0], gap[k].sum()))
    rows = [
        f"| {w:g} | {s:g} | {losses[w, s].sum() / runs:.4f} | {_ratio(runners, w, s, 0, 999):.2f} |"
        f" {_ratio(runners, w, s, 0, SHORT_KM):.2f} | {_ratio(runners, w, s, LONG_KM, 999):.2f} |"
        for w, s in losses
    ]
    return "\n".join(
        [
            f"{len(runners)} runners, {runs} told hard runs. Weight 0 is the causes alone. Rule: of all that lie within one",
            "standard error (over runners) of the least loss, the smallest weight, and of those the least loss.",
            "",
            "| weight | strength, runs | log loss expected | foretold / true | under 18 km | 40 km and more |",
            "| --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
            f"Least: weight {best[0]:g}, strength {best[1]:g}. The rule takes weight {taken[0]:g}, strength {taken[1]:g}.",
        ]
    )


def _ratio(runners: Sequence[Runner], weight: float, strength: float, from_km: float, to_km: float) -> float:
    some = [(r.pooled(weight, strength), r.said, (r.km >= from_km) & (r.km < to_km)) for r in runners]
    true = sum(float(said[at].sum()) for _, said, at in some)
    return sum(float(p[at].sum()) for p, _, at in some) / true if true else float("nan")


EVIDENCE, CONTRAST, LEAST = (1.0, 1.5, 2.0, 2.5), (-np.inf, 1.0, 1.5, 2.0), (0.05, 0.1)
SECOND = ("none", "table agrees", "table alone")
AGREES, ALONE = 0.05, 0.025  # Fisher's p of one table; chance that luck makes any table as clean
STANDS_FOR = 3  # runners: of those without a cause about one in three tells of three cramped hard runs
RIGHT, FALSE_NAMES = 0.9, 0.05  # bars: right when named; named without a cause


def tables_of(row: Row) -> dict[str, tuple[float, float, bool]]:
    """Of each family its cleanest table that speaks for it: p alone, p of any, and whether the model cannot make it."""
    out: dict[str, tuple[float, float, bool]] = {}
    for name, a, n, b, m, alone, luck in row["answer"]["looked_at"]:
        family, beyond = SPEAKS_FOR.get(name, ("", True))
        more = a / max(n, 1) - b / max(m, 1)
        if family and (more > 0 if beyond else more < 0) and alone < out.get(family, (2.0, 2.0, False))[0]:
            out[family] = alone, luck, name in row["answer"]["cannot_make"]
    return out


def named(row: Row, evidence: float, contrast: float, least: float, second: str) -> set[str]:
    """What would be named of a runner with these margins."""
    answer, out = row["answer"], set()
    if not answer["enough"]:
        return out
    tables = tables_of(row)
    for name, family in answer["families"].items():
        low, alone = family["open"][1], tables.get(name, (2.0, 2.0, False))
        both = low > least and family["evidence"] > evidence and answer["contrast"].get(name, -np.inf) > contrast
        agreed = second == "table agrees" and alone[0] <= AGREES and family["evidence"] > evidence / 2 and low > least
        if both or agreed or (second == "table alone" and alone[1] <= ALONE and alone[2]):
            out.add(name)
    return out


def margins(rows: Sequence[Row]) -> str:
    """The table of margins, and what the rule takes."""
    counts = {}
    for key in ((e, c, low, s) for s in SECOND for e in EVIDENCE for c in CONTRAST for low in LEAST):
        found = [(families(r), named(r, *key), r) for r in rows]
        of = [(true, said, r) for true, said, r in found if true]
        without = [
            (bool(said), STANDS_FOR if r.get("least_cramps") else 1)
            for _, said, r in found
            if r["truth"]["main"] == ["none"]
        ]
        six = [(true, said) for true, said, r in of if sum(bool(x["told"]) for x in r["runs"]) >= 6]
        counts[key] = (
            sum(bool(said) for _, said, _ in of), sum(bool(true & said) for true, said, _ in of), len(of),
            sum(bool(said) for _, said in six), len(six), sum(said for said, _ in without),
            sum(n for _, n in without),
        )  # fmt: skip
    fit = [k for k, v in counts.items() if v[0] and v[1] >= RIGHT * v[0] and v[5] <= FALSE_NAMES * v[6]]
    taken = max(fit, key=lambda k: (counts[k][3], counts[k][1], k[0], k[1], k[2], k[3] == "none"), default=None)
    shown = [
        k for k in counts if k == taken or k in fit or k in (BEFORE, *(((*taken[:3], s)) for s in SECOND if taken))
    ]
    lines = [
        f"| {k[0]:g} | {'no' if np.isinf(k[1]) else f'{k[1]:g}'} | {k[2]:g} | {k[3]} | {v[1]} of {v[0]} | {v[3]} of {v[4]} |"
        f" {v[5]} of {v[6]} |{' taken' if k == taken else ' as before' if k == BEFORE else ''} |"
        for k in shown
        for v in (counts[k],)
    ]
    return "\n".join(
        [
            f"{len(rows)} runners, {counts[BEFORE][2]} of them with a main cause that a family holds; some were taken because many",
            f"of their hard runs cramped. Rule: right in at least {RIGHT:g} of those named, and at most {FALSE_NAMES:g} named of those without",
            f"a cause, of whom one taken for three cramps or more stands for {STANDS_FOR}; of these the most named among runners with six cramps, then the most right, then the greatest margins.",
            "",
            "| evidence above | contrast above | lower limit above | second namer | right of named | named with six cramps |"
            " named without a cause | |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *lines,
        ]
    )


BEFORE = (1.0, -np.inf, 0.1, "none")


def main() -> None:
    rows = rows_of([Path(word) for word in sys.argv[1:]])
    runners = [Runner(r) for r in rows if not r.get("least_cramps")]
    parts = [
        "# What was chosen on made-up runners\n",
        "Two forecasters are pooled, and margins say what may be named; their numbers are assumptions. They were chosen on",
        "made-up runners of other laws ([outside.md](outside.md)), whose seeds are reported nowhere else, by rules that stood",
        "before the figures. Made by `scripts/outside_choose.py`. The log loss is the one that is expected from the true",
        "chances, which the worlds know: what happened to come adds noise of its own.\n",
        f"    python scripts/outside_choose.py FOLDER    seeds {', '.join(str(s) for s in sorted({r['seed'] for r in rows}))}\n",
        "Of the first seed every runner was taken; of the second those with three cramped hard runs or more, whatever their",
        "cause; of the third those with six and a cause. Quantities were worked out run by run as `outside_worlds.py run` does.\n",
        "## How much the runner's own rate counts\n",
        pooling([r for r in runners if r.said.size]),
        "\n## What may be named\n",
        "*Evidence* is that of the whole log for a trigger of the family, *contrast* that of the hard runs alone, by which of",
        "them cramped. *Table agrees*: the family's plain table (Fisher's p at most 0.05) stands in for the",
        "contrast and half of the evidence.",
        "*Table alone*, beside the margins: luck makes no table as clean (p at most 0.025), and the model cannot make it (p below 0.02).\n",
        margins([r for r in rows if "answer" in r]),
    ]
    PAGE.write_text("\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
