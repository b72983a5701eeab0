"""Scripted cases: runners whose cramps follow a story that is known. See README.md."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from math import comb
from zlib import crc32

import numpy as np

from outside.worlds.laws import SIDES, Hazard, hazard_law, sigmoid
from outside.worlds.life import MUSCLES, Career, Plan, Rng, dress, make_body, realise
from outside.worlds.records import COL, OutsideRunner
from outside.worlds.worlds import assemble, world_night, world_one_leg


def _case(
    seed: int, tag: str, hards: list[Plan], n_easy: int, easy: tuple[float, float] = (5, 12)
) -> tuple[Rng, Career]:
    """A career of the given hard runs with easy runs in between; weather and drinks as usual."""
    r = np.random.default_rng([seed, crc32(tag.encode())])
    days = int(hards[-1].day) + 3
    b = replace(
        make_body(r),
        days=days,
        form=np.ones(days),
        born=datetime(2020, 3, 1),
        easy_km=8.0,
        has=(True, True),
        stores_g_kg=6.5,
        surge_habit=0.0,
    )
    hard_days = {int(p.day) + o for p in hards for o in (-1, 0, 1)}
    free = [d for d in range(1, days - 2) if d not in hard_days]
    pairs = sorted({p.shoe for p in hards})
    since = {k: min((p.day for p in hards if p.shoe == k), default=0) - 3 for k in pairs}
    go = [
        Plan(int(d) + 0.75, "easy", r.uniform(*easy), r.normal(0, 0.012), r.normal(0, 0.03), b.hilly)
        for d in r.choice(free, n_easy, replace=False)
    ]
    go = [replace(p, shoe=1 if 1 in pairs and p.day > since[1] and r.random() < 0.3 else 0) for p in go]
    plans = [dress(r, b, p) for p in sorted(go + [replace(p, hills=b.hilly) for p in hards], key=lambda p: p.day)]
    return r, realise(r, b, plans)


def _races(r: Rng, n: int, gap: float = 36.0, kms: tuple[float, ...] = (10, 15, 21.1, 21.1, 25, 30)) -> list[Plan]:
    return [
        Plan(
            30 + round(gap * i) + 0.4,
            "race",
            float(r.choice(kms)),
            float(r.uniform(-0.01, 0.06)),
            r.normal(-0.01, 0.02),
        )
        for i in range(n)
    ]


def _lot(c: Career) -> Hazard:
    cells = c.cells(np.where(c.hard, 1 / c.seconds, 1e-9))
    return lambda X, drop: cells


def case_a(seed: int, load_high: bool = True) -> OutsideRunner:
    """16 races: 8 fast starts all cramped, 8 even ones never; longer than any run before (load_high=False: none)."""
    r = np.random.default_rng([seed, 7])
    fast = r.permutation([True] * 8 + [False] * 8)
    hards = [
        Plan(
            50 + 50 * i + 0.4,
            "race",
            15 + 0.6 * i if load_high else round(float(r.uniform(13, 17)), 1),
            float(r.uniform(0.13, 0.16) if f else r.uniform(-0.01, 0.01)),
            -0.01,
        )
        for i, f in enumerate(fast)
    ]
    if not load_high:  # a long easy run some weeks before every race
        longs = [Plan(h.day - r.integers(10, 25), "long", r.uniform(18, 21)) for h in hards]
        hards = sorted(hards + longs, key=lambda p: p.day)
    r, c = _case(seed, f"case_a{load_high}", hards, 100 - 16 * (not load_high))
    j = COL["start"]

    def fn(X, drop):
        return c.cells(np.where(c.hard, 1.0, 0.02)) * (1 + 400 * sigmoid((X[j] - 0.6) / 0.05))

    law = hazard_law(r, c, fn, 0.5, {"case": "fast starts"})
    cramped = [i for i, p in enumerate(c.plans) if p.kind == "race" and p.start > 0.05]
    return assemble(r, "case_a", c, law, None, dict.fromkeys(cramped))


def _lotted(
    seed: int, tag: str, n_hard: int, n_cramps: int, mark: tuple[str, str | None] | None, main: tuple[str, ...]
) -> OutsideRunner:
    r, c = _case(seed, tag, _races(np.random.default_rng([seed, 8]), n_hard), 80)
    law = hazard_law(r, c, _lot(c), max(n_cramps, 0.3) / n_hard, {"case": tag})
    if mark:  # were this muscle as the others, five in six would not have come
        law.cf["place"] = law.base & (r.random(law.base.shape) < 1 / 6)
    hit = r.choice(np.flatnonzero(c.hard), n_cramps, replace=False)
    return assemble(
        r, tag, c, law, main, {int(i): (mark[0], mark[1] or SIDES[int(r.integers(2))]) if mark else None for i in hit}
    )


def no_pattern(seed: int) -> OutsideRunner:
    """14 races, each cramped by lot with chance 0.35 (at least 3 did)."""
    k = max(3, int(np.random.default_rng([seed, 9]).binomial(14, 0.35)))
    return _lotted(seed, "no_pattern", 14, k, None, ("none",))


def few(seed: int, cramps: int) -> OutsideRunner:
    return _lotted(seed, f"few{cramps}", 12, cramps, None, ("none",))


def hamstring_only(seed: int) -> OutsideRunner:
    """14 races, 6 cramped, always and only a hamstring; which ones by lot."""
    return _lotted(seed, "hamstring_only", 14, 6, ("hamstring", None), ("place",))


def after_only(seed: int) -> OutsideRunner:
    """12 races; 7 of them cramped, only hours afterwards."""
    r, c = _case(seed, "after_only", _races(np.random.default_rng([seed, 8]), 12), 80)
    law = world_night(r, c, 0.5)
    hit = r.choice(np.flatnonzero(c.hard), 7, replace=False)
    return assemble(r, "after_only", c, law, ("none",), {}, {int(i): float(r.uniform(2, 12)) for i in hit})


def _tail(k: int, n: int, p: float) -> float:
    return sum(comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(k, n + 1))


def one_leg(seed: int, k: int, n: int) -> OutsideRunner:
    """n cramps in max(12, 2n) races by lot, k in the left leg. Main cause one_leg where chance gives k < 1 in 20."""
    tag, nh = f"one_leg{k}of{n}", max(12, 2 * n)
    r, c = _case(seed, tag, _races(np.random.default_rng([seed, 8]), nh), 80)
    law = world_one_leg(r, c, n / nh, odds=min(30.0, max(1 / 30, k / max(n - k, 1e-9))))
    hit = r.choice(np.flatnonzero(c.hard), n, replace=False)
    return assemble(
        r,
        tag,
        c,
        law,
        ("one_leg",) if _tail(k, n, 0.5) < 0.05 else ("none",),
        {int(i): (str(r.choice(MUSCLES, p=c.body.sites)), SIDES[int(x >= k)]) for x, i in enumerate(hit)},
    )


def shoes(seed: int, k: int, n: int) -> OutsideRunner:
    """n cramps in max(12, 3n) races, k of them in the one new pair, worn in a third of the races (later 60 %)."""
    nh, tag, g = max(12, 3 * n), f"shoes{k}of{n}", np.random.default_rng([seed, 8])
    n_new = max(k, nh // 3)
    late = g.choice(np.arange(int(nh * 0.4), nh), n_new, replace=False)
    hards = [replace(p, shoe=int(i in late)) for i, p in enumerate(_races(g, nh))]
    r, c = _case(seed, tag, hards, 80)
    new = np.array([p.shoe == 1 for p in c.plans])
    p1, p0 = min(0.97, max(0.01, k / n_new)), min(0.97, max(0.01, (n - k) / (nh - n_new)))
    rate = np.where(new, np.log1p(-p1), np.log1p(-p0)) / np.log1p(-p0)

    def fn(X, drop):
        return c.cells(np.where(c.hard, 1 / c.seconds, 1e-9)) * (1.0 if drop == "shoes" else c.cells(rate))

    law = hazard_law(r, c, fn, n / nh, {"pair": "pair 2", "races_in_it": n_new})
    hit = np.concatenate(
        [
            r.choice(np.flatnonzero(c.hard & new), k, replace=False),
            r.choice(np.flatnonzero(c.hard & ~new), n - k, replace=False),
        ]
    )
    return assemble(
        r, tag, c, law, ("shoes",) if _tail(k, n, n_new / nh) < 0.05 else ("none",), {int(i): None for i in hit}
    )
