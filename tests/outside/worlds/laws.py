"""What every world is made of: a law of hazards, marks of a cramp, and the scale of a career."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from outside.worlds.life import DT, MUSCLES, Career, Rng
from outside.worlds.records import COL, COLUMNS, COMPONENTS, FAMILY_OF, TRAITS

REPLAYS = 400
WEIGHT = {
    "start": 0.16,
    "level": 0.07,
    "surge": 0.05,
    "beyond": 0.12,
    "thin": 0.08,
    "climb": 0.08,
    "heat": 0.12,
    "loss": 0.1,
    "salt": 0.08,
    "fuel": 0.1,
    "hours": 0.1,
}
SIDES = ("left", "right", "both")
Mark = Callable[[Rng, int, float], tuple[str, str]]
Hazard = Callable[[np.ndarray, str | None], np.ndarray]  # components x cells, trait taken away -> hazard of each cell


@dataclass
class Law:
    """What a world says of one career: exact or replayed chances, counterfactual replays, and a draw of life."""

    chance: np.ndarray
    base: np.ndarray  # replays x hard runs: cramped
    cf: dict[str, np.ndarray]  # per family: cramped, had the family stood low
    cut: np.ndarray  # cramped before the lower-quartile duration
    onset: Callable[[Rng], list[float | None]]  # one life: seconds of the first cramp of every run
    mark: Mark
    calf: np.ndarray  # per run: share of first cramps that strike a calf
    after: np.ndarray  # per run: chance of a cramp afterwards
    after_shares: dict[str, float] = field(default_factory=dict)
    notes: dict[str, object] = field(default_factory=dict)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def proneness(r: Rng) -> float:
    """Mean chance of a cramp over the runner's own hard runs: a third hardly ever, the others about one in four."""
    return float(r.uniform(0.002, 0.05) if r.random() < 0.35 else np.clip(r.beta(2.2, 7), 0.03, 0.55))


def scale_to(H: np.ndarray, p: float) -> float:
    lo, hi = -40.0, 40.0
    for _ in range(60):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if np.mean(1 - np.exp(-np.exp(mid) * H)) < p else (lo, mid)
    return float(np.exp(lo))


def triggers(r: Rng, c: Career, k: int, names: tuple[str, ...] = COLUMNS) -> list[int]:
    """k components of different families that vary enough over this runner's hard runs to be triggers."""
    q = np.quantile(c.val[c.hard], [0.25, 0.75], axis=0)
    w = {n: WEIGHT[n] * float(q[1, COL[n]] - q[0, COL[n]] > 0.15) for n in names}
    out: list[int] = []
    while len(out) < k:
        w = {n: x for n, x in w.items() if FAMILY_OF[n] not in [FAMILY_OF[COLUMNS[j]] for j in out]}
        ps = np.array(list(w.values())) + 1e-9
        out.append(COL[str(r.choice(list(w), p=ps / ps.sum()))])
    return out


def usual_mark(c: Career) -> Mark:
    fav = float(np.clip(0.5 + 0.12 * np.sin(c.body.v10 * 99), 0.1, 0.9)) * 0.8  # a mild habit of one side
    return lambda r, i, s: (str(r.choice(MUSCLES, p=c.body.sites)), str(r.choice(SIDES, p=[fav, 0.8 - fav, 0.2])))


def usual_after(c: Career, p: float) -> np.ndarray:
    return np.where(c.hard, 0.01 + 0.25 * p * np.clip(c.val[:, COL["hours"]], 0, 1.5) / 1.5, 0.002 + 0.01 * p)


def hazard_law(
    r: Rng,
    c: Career,
    fn: Hazard,
    p: float | None,
    notes: dict[str, object],
    mark: Mark | None = None,
    calf: np.ndarray | None = None,
) -> Law:
    """Cramp as soon as the summed hazard passes a unit-exponential draw (p: mean chance over hard runs to scale to)."""
    at, hard = c.off[:-1], np.flatnonzero(c.hard)
    h = fn(c.X, None)
    k = 1.0 if p is None else scale_to(np.add.reduceat(h, at)[hard] * DT / 3600, p)
    k *= DT / 3600
    E = r.exponential(size=(REPLAYS, len(hard)))

    def cramped(cells: np.ndarray) -> np.ndarray:
        return np.add.reduceat(cells, at)[hard] * k >= E

    cf = {f: cramped(fn(c.stand(f), None)) for f in COMPONENTS} | {f: cramped(fn(c.X, f)) for f in TRAITS}
    q = np.quantile(c.seconds[hard], 0.25)
    into = (np.arange(len(h)) - c.cells(at)) * DT

    def onset(g: Rng) -> list[float | None]:
        out: list[float | None] = []
        for i in range(len(at)):
            cum, e = np.cumsum(h[c.off[i] : c.off[i + 1]]) * k, g.exponential()
            out.append(None if cum[-1] < e else min((int(np.searchsorted(cum, e)) + g.random()) * DT, c.seconds[i] - 5))
        return out

    chance = 1 - np.exp(-np.add.reduceat(h, at) * k)
    return Law(
        chance,
        cramped(h),
        cf,
        cramped(h * (into < q)),
        onset,
        mark or usual_mark(c),
        np.full(len(at), c.body.sites[0]) if calf is None else calf,
        usual_after(c, p or float(chance[hard].mean())),
        notes=notes,
    )
