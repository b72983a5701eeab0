"""Ten worlds in which calves cramp for different reasons, and the scripted cases. See README.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from zlib import crc32

import numpy as np

from outside.worlds.laws import REPLAYS, SIDES, Law, hazard_law, proneness, sigmoid, triggers, usual_after, usual_mark
from outside.worlds.life import DT, MUSCLES, STAKE, Career, Rng, make_body, make_plans, realise
from outside.worlds.recording import record
from outside.worlds.records import COL, COLUMNS, FAMILIES, FAMILY_OF, OutsideRunner, Truth

NONE_BELOW, TIE_WITHIN = 0.25, 0.10


# ------------------------------------------------------------------------------------------------ the worlds


def world_knee(r: Rng, c: Career, p: float) -> Law:
    js = triggers(r, c, 1 + int(r.random() < 0.35))
    ks = [float(np.quantile(c.val[c.hard, j], r.uniform(0.5, 0.8))) for j in js]
    A = [float(np.exp(r.uniform(np.log(8), np.log(30)))) for _ in js]

    def fn(X, drop):
        return c.stake() * np.prod(
            [1 + a * sigmoid((X[j] - k) / 0.05) for j, k, a in zip(js, ks, A, strict=False)], axis=0
        )

    return hazard_law(r, c, fn, p, {"triggers": [COLUMNS[j] for j in js], "knees": ks, "factors": A})


def world_gate(r: Rng, c: Career, p: float) -> Law:
    pairs = [
        ("start", "heat"),
        ("beyond", "loss"),
        ("level", "fuel"),
        ("hours", "salt"),
        ("climb", "heat"),
        ("thin", "start"),
        ("beyond", "start"),
    ]
    q = np.quantile(c.val[c.hard], [0.25, 0.75], axis=0)
    good = [ab for ab in pairs if min(q[1, COL[n]] - q[0, COL[n]] for n in ab) > 0.15] or pairs[:1]
    js = [COL[n] for n in good[int(r.integers(len(good)))]]
    ks, A = [float(np.quantile(c.val[c.hard, j], r.uniform(0.4, 0.65))) for j in js], float(r.uniform(20, 80))

    def fn(X, drop):
        return c.stake() * (1 + A * sigmoid((X[js[0]] - ks[0]) / 0.06) * sigmoid((X[js[1]] - ks[1]) / 0.06))

    return hazard_law(r, c, fn, p, {"both": [COLUMNS[j] for j in js], "gates": ks, "factor": A})


def world_rivals(r: Rng, c: Career, p: float) -> Law:
    js, w, power = triggers(r, c, 3), r.dirichlet([0.7] * 4), r.integers(1, 4, 3)
    mixes = np.array([c.body.sites] + [r.dirichlet([3, 1.2, 0.6]) for _ in js])
    still = c.cells(np.where(c.hard, 1.0, r.choice([0.08, 0.08, 0.25])))  # the background goes on in training
    hard_cells = c.cells(c.hard)

    def raw(X: np.ndarray) -> np.ndarray:
        return np.stack([still] + [c.stake() * np.maximum(X[j], 0) ** e for j, e in zip(js, power, strict=False)])

    norm = w / np.maximum(raw(c.X)[:, hard_cells].sum(1), 1e-9)
    parts = raw(c.X) * norm[:, None]
    shares = np.add.reduceat(parts, c.off[:-1], axis=1)
    calf = (shares * mixes[:, :1]).sum(0) / np.maximum(shares.sum(0), 1e-12)
    sides = r.dirichlet([2, 2, 1], 4)

    def mark(g: Rng, i: int, s: float) -> tuple[str, str]:
        x = parts[:, min(c.off[i] + int(s / DT), c.off[i + 1] - 1)] + 1e-12
        k = int(g.choice(4, p=x / x.sum()))
        return str(g.choice(MUSCLES, p=mixes[k])), str(g.choice(SIDES, p=sides[k]))

    return hazard_law(
        r,
        c,
        lambda X, drop: (raw(X) * norm[:, None]).sum(0) + 1e-9,
        p,
        {"causes": ["background"] + [COLUMNS[j] for j in js], "weights": w.tolist(), "powers": power.tolist()},
        mark,
        calf,
    )


def world_drift(r: Rng, c: Career, p: float) -> Law:
    kind = str(r.choice(["trained", "ageing", "switch", "cured"], p=[0.3, 0.25, 0.3, 0.15]))
    js, beta = triggers(r, c, 2), r.uniform(1.2, 2.4, 2)
    q = np.quantile(c.val[c.hard], [0.25, 0.75], axis=0)
    beta = beta / np.array([max(0.3, q[1, j] - q[0, j]) for j in js])
    day = np.array([pl.day for pl in c.plans])
    turn = float(np.quantile(day[c.hard], r.uniform(0.35, 0.65)))
    late = sigmoid((day - turn) / 12)
    a = {"trained": -r.uniform(1.5, 3) * late, "ageing": r.uniform(2, 3.5) * day / day[-1]}.get(
        kind, np.zeros(len(day))
    )
    b2 = np.zeros(len(day)) if kind in ("trained", "ageing") else late
    A, B2 = c.cells(a), c.cells(b2)
    mid = np.median(c.val[c.hard], axis=0)

    def fn(X: np.ndarray, drop: str | None) -> np.ndarray:
        first = beta[0] * np.minimum(X[js[0]] - mid[js[0]], 4)
        then = beta[1] * np.minimum(X[js[1]] - mid[js[1]], 4) if kind == "switch" else -1.5
        return c.stake() * np.exp(np.clip(A + (1 - B2) * first + B2 * then, -30, 12))

    return hazard_law(
        r, c, fn, p, {"kind": kind, "turn_day": turn, "causes": [COLUMNS[j] for j in js[: 1 + (kind == "switch")]]}
    )


def world_barrier(r: Rng, c: Career, p: float) -> Law:
    js = triggers(r, c, 2, tuple(n for n in COLUMNS if n != "hours"))
    w, wt = np.array([0.75, 0.25]) * r.uniform(0.7, 1.3, 2), r.uniform(0.05, 0.9)
    tau, dt, n = r.uniform(0.8, 3.0), DT / 3600, len(c.plans)
    M, hard = int(np.diff(c.off).max()), np.flatnonzero(c.hard)
    inside = np.arange(M)[None, :] < np.diff(c.off)[:, None]
    hc = c.cells(c.hard)

    def drive(X: np.ndarray, j: int) -> np.ndarray:
        return np.maximum(0, {COL["level"]: 1 + X[j] / 2, COL["heat"]: X[j] + 0.5}.get(j, X[j]))

    unit = [float(drive(c.X, j)[hc].mean()) + 0.05 for j in js]
    day, km = np.array([q.day for q in c.plans]), np.array([q.km for q in c.plans])
    ease = np.array([STAKE[q.kind] ** 0.35 for q in c.plans], np.float32)  # easy running hardly loads the muscle
    carry = np.array([(km[:i] * np.exp(-(day[i] - day[:i]) / 4)).sum() for i in range(n)])
    carry = 0.1 * carry / max(carry.mean(), 1.0)

    def path(X: np.ndarray) -> np.ndarray:
        u = sum(wi * drive(X, j) / un for wi, j, un in zip(w, js, unit, strict=False)) + wt * X[
            COL["hours"]
        ] / np.maximum(c.X[COL["hours"]], 1e-9)
        U, d, x = np.zeros((n, M)), np.empty((n, M)), carry.copy()
        U[inside] = u
        for m in range(M):
            x = x * np.exp(-dt / tau) + U[:, m] * ease * dt
            d[:, m] = x
        return np.where(inside, d, -np.inf).astype(np.float32)

    D = path(c.X)
    sd = float(np.std(D[hard].max(1)) * r.uniform(0.4, 0.9) + 0.03)
    rho, step = np.float32(np.exp(-dt / tau)), np.float32(sd * np.sqrt(1 - np.exp(-2 * dt / tau)))

    def noise(g: Rng, reps: int, runs: int) -> np.ndarray:
        z = g.standard_normal((M, reps, runs), dtype=np.float32)
        z[0] *= 0.4 * sd  # form of the day
        for m in range(1, M):
            z[m] = z[m - 1] * rho + z[m] * step
        return z

    Z, dh = noise(r, REPLAYS, len(hard)), D[hard].T[:, None, :]
    peak = (Z + dh).max(0)
    B = np.quantile(peak, 1 - p)
    cf = {
        f: (Z + path(c.stand(f))[hard].T[:, None, :]).max(0) >= B
        if f in {FAMILY_OF[COLUMNS[j]] for j in js} | {"tiredness"}
        else peak >= B
        for f in FAMILIES
    }
    short = int(np.quantile(c.seconds[hard], 0.25) / DT)
    chance = np.full(n, np.nan)
    chance[hard] = ((peak >= B).sum(0) + 0.5) / (REPLAYS + 1)

    def onset(g: Rng) -> list[float | None]:
        hit = (noise(g, 1, n)[:, 0] * ease + D.T) >= B
        first = hit.argmax(0)
        return [min((first[i] + g.random()) * DT, c.seconds[i] - 5) if hit[first[i], i] else None for i in range(n)]

    return Law(
        chance,
        peak >= B,
        cf,
        (Z[:short] + dh[:short]).max(0) >= B,
        onset,
        usual_mark(c),
        np.full(n, c.body.sites[0]),
        usual_after(c, p),
        notes={
            "drivers": [COLUMNS[j] for j in js] + ["hours"],
            "weights": [*w.tolist(), wt],
            "tau_h": tau,
            "noise_sd": sd,
            "barrier": float(B),
        },
    )


AVERAGE = {
    "level": 0.20,
    "start": 0.15,
    "surge": 0.10,
    "beyond": 0.15,
    "thin": 0.15,
    "climb": 0.12,
    "heat": 0.08,
    "loss": 0.06,
    "salt": 0.0,
    "fuel": 0.12,
    "hours": 0.80,
}


def world_averages(r: Rng, c: Career, p: float) -> Law:
    pr, b = c.body.profile, np.array([AVERAGE[n] for n in COLUMNS])
    a = -3.9 + r.normal(0, 1.0) + 0.33 * (pr.sex == "m") + 0.1 * (pr.age - 40) / 10
    told = c.cells(np.array([0.4 * q.tight + 0.14 * q.bad_sleep for q in c.plans]))
    return hazard_law(
        r, c, lambda X, drop: np.exp(a + b @ np.clip(X, -6, 6) + told), None, {"intercept": a, "betas": AVERAGE}
    )


def world_night(r: Rng, c: Career, p: float) -> Law:
    js, p = (
        triggers(
            r, c, 1 + int(r.random() < 0.4), ("level", "beyond", "thin", "climb", "heat", "loss", "salt", "hours")
        ),
        min(0.6, p + 0.08),
    )
    q = np.quantile(c.val[c.hard], [0.25, 0.5, 0.75], axis=0)
    b = {j: r.uniform(1.5, 3) / max(0.2, q[2, j] - q[0, j]) for j in js}
    ease = np.where(c.hard, 0, -3.0)

    def logit(low: str | None) -> np.ndarray:
        return ease + sum(
            bj * (np.minimum(c.val[:, j], q[0, j] if FAMILY_OF[COLUMNS[j]] == low else 9) - q[1, j])
            for j, bj in b.items()
        )

    lo, hi = -30.0, 30.0
    for _ in range(50):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if sigmoid(mid + logit(None))[c.hard].mean() < p else (lo, mid)
    after, no = sigmoid(lo + logit(None)), np.zeros((REPLAYS, int(c.hard.sum())), bool)
    tot = after[c.hard].sum()
    return Law(
        np.zeros(len(after)),
        no,
        dict.fromkeys(FAMILIES, no),
        no,
        lambda g: [None] * len(after),
        usual_mark(c),
        np.full(len(after), c.body.sites[0]),
        after,
        {f: float((after - sigmoid(lo + logit(f)))[c.hard].sum() / tot) for f in FAMILIES},
        {"causes": [COLUMNS[j] for j in js]},
    )


def world_one_leg(r: Rng, c: Career, p: float, odds: float | None = None) -> Law:
    _n, sites = len(c.plans), c.body.sites
    body = odds is None and r.random() < 0.3  # a weak muscle in both legs instead of a weak leg
    m = odds or float(np.exp(r.uniform(np.log(4), np.log(25)))) * (4 if body else 1)
    since = 0.0 if odds or r.random() < 0.6 else float(np.quantile([q.day for q in c.plans], r.uniform(0.1, 0.45)))
    weak = np.array([q.day >= since for q in c.plans])
    side, k = (0 if odds else int(r.integers(2))), int(r.choice(3, p=[0.35, 0.5, 0.15])) if body else 0
    mix = np.where(np.arange(3) == k, sites * m, sites)
    extra = mix.sum() if body else (m + 1) / 2
    mix = mix / mix.sum()
    mult = c.cells(np.where(weak, extra, 1.0))

    def fn(X: np.ndarray, drop: str | None) -> np.ndarray:
        g = c.stake() * (0.3 + X[COL["hours"]]) if odds is None else c.cells(np.where(c.hard, 1 / c.seconds, 1e-9))
        return g * (1.0 if drop == ("place" if body else "one_leg") else mult)

    def mark(g: Rng, i: int, s: float) -> tuple[str, str]:
        if body:
            return str(g.choice(MUSCLES, p=mix if weak[i] else sites)), SIDES[int(g.integers(2))]
        return str(g.choice(MUSCLES, p=sites)), SIDES[
            side if g.random() < (m / (m + 1) if weak[i] else 0.5) else 1 - side
        ]

    return hazard_law(
        r,
        c,
        fn,
        p,
        {"weak": MUSCLES[k] if body else SIDES[side], "factor": m, "since_day": since},
        mark,
        np.where(weak, mix[0], sites[0]) if body else None,
    )


def world_shoes(r: Rng, c: Career, p: float) -> Law:
    worn = np.array([q.shoe for q in c.plans])
    share = np.array([(worn[c.hard] == k).mean() for k in range(worn.max() + 1)])
    ok = np.flatnonzero((share > 0.15) & (share < 0.6))
    bad = int(r.choice(ok)) if len(ok) else int(np.argmin(abs(share - 0.35)))
    A, kind = (
        float(np.exp(r.uniform(np.log(8), np.log(30)))),
        str(r.choice(["always", "stiff when new", "dead when worn"])),
    )
    f = {
        "always": 1.0,
        "stiff when new": np.exp(-c.shoe_km / 180),
        "dead when worn": sigmoid((c.shoe_km - 0.5 * c.shoe_km[worn == bad].max()) / 20),
    }[kind]
    mult = c.cells(1 + A * f * (worn == bad))

    def fn(X, drop):
        return c.stake() * (0.4 + X[COL["hours"]]) * (1.0 if drop == "shoes" else mult)

    return hazard_law(
        r, c, fn, p, {"pair": f"pair {bad + 1}", "kind": kind, "factor": A, "share_of_hard": float(share[bad])}
    )


def world_lots(r: Rng, c: Career, p: float) -> Law:
    kind, n = str(r.choice(["per run", "per hour", "hidden bad spells"])), len(c.plans)
    rate = 3600 / c.seconds if kind == "per run" else np.ones(n)
    if kind == "hidden bad spells":  # weeks that nothing in the log tells of
        weeks, bad, state = int(c.plans[-1].day / 7) + 1, [], False
        for _ in range(weeks):
            state = bool(r.random() < (0.85 if state else 0.06))
            bad.append(state)
        rate = rate * np.array([15.0 if bad[int(q.day / 7)] else 1.0 for q in c.plans])
    cells = c.cells(rate) * c.stake()
    return hazard_law(r, c, lambda X, drop: cells, p, {"kind": kind})


WORLDS: dict[str, str] = {
    "knee": "one or two factors, each beyond a personal knee, multiply the hazard manifold; below it nothing",
    "gate": "only two factors together (fast start AND heat, ...) make cramps; either alone is harmless",
    "rivals": "independent causes add, each with its own curve and muscles; a background also strikes in training",
    "drift": "proneness or the cause itself changes after a season (trained away, ageing, another cause, cured)",
    "barrier": "a leaky Wiener fatigue state is driven up and cramps when it first passes a barrier; no hazard",
    "averages": "log-linear with the same published-like coefficients for all; only the intercept is personal",
    "night": "no cramp ever in a run, only hours afterwards",
    "one_leg": "a weak leg (or one weak muscle) carries most of the hazard, some only since an injury",
    "shoes": "one pair of shoes multiplies the hazard: always, while new, or when worn out",
    "lots": "no cause: by lot per run, by lot per hour, or in hidden bad spells",
}
_MAKERS: dict[str, Callable[[Rng, Career, float], Law]] = {
    "knee": world_knee,
    "gate": world_gate,
    "rivals": world_rivals,
    "drift": world_drift,
    "barrier": world_barrier,
    "averages": world_averages,
    "night": world_night,
    "one_leg": world_one_leg,
    "shoes": world_shoes,
    "lots": world_lots,
}


def assemble(
    r: Rng,
    world: str,
    c: Career,
    law: Law,
    main: tuple[str, ...] | None = None,
    script: dict[int, tuple[str, str] | None] | None = None,
    after: dict[int, float] | None = None,
) -> OutsideRunner:
    """Live the career once, write log and truth. A script fixes which runs cramp (and honest answers to all)."""
    nh = int(c.hard.sum())
    tot, late = max(1, int(law.base.sum())), np.arange(nh) >= nh // 2
    shares = {f: float((law.base & ~x).sum() / tot) for f, x in law.cf.items()}
    shares_late = {
        f: float((law.base & ~x)[:, late].sum() / max(1, law.base[:, late].sum())) for f, x in law.cf.items()
    }
    if main is None:
        ranked = sorted(shares, key=lambda f: -shares[f])
        top, second = shares[ranked[0]], shares[ranked[1]]
        main = (
            ("none",)
            if top < NONE_BELOW
            else tuple(ranked[:2])
            if second > top - TIE_WITHIN and second >= NONE_BELOW
            else (ranked[0],)
        )
    scripted = script is not None or after is not None
    first = law.onset(r) if not scripted else [None] * len(c.plans)
    runs, lived = [], []
    for i in range(len(c.plans)):
        cramps: list[tuple[float, str, str]] = []
        if scripted and script and i in script:
            cramps.append((c.seconds[i] * r.uniform(0.6, 0.92), *(script[i] or law.mark(r, i, 0.0))))
        elif (s := first[i]) is not None:
            cramps.append((s, *law.mark(r, i, s)))
            if r.random() < 0.25:
                cramps.append((r.uniform(s, c.seconds[i]), *law.mark(r, i, s)))
        h = (after or {}).get(i) if scripted else float(1 + r.gamma(2, 2.5)) if r.random() < law.after[i] else None
        run, tr = record(r, c, i, cramps, (h, *law.mark(r, i, 0.0)) if h else None, scripted, scripted)
        runs.append(run)
        lived.append(tr)
    truth = Truth(
        world,
        main,
        shares,
        shares_late,
        float((law.base & ~law.cut).sum() / tot),
        law.after_shares,
        law.chance,
        law.chance * law.calf,
        law.after,
        c.hard,
        float(np.nansum(law.chance[c.hard])),
        tuple(lived),
        law.notes,
    )
    return OutsideRunner(c.body.profile, tuple(runs), truth)


def runners(
    world: str, n: int, seed: int, makers: dict[str, Callable[[Rng, Career, float], Law]] | None = None
) -> Iterator[OutsideRunner]:
    """n runners of a world; runner i depends on (world, seed, i) only."""
    make = (makers or _MAKERS)[world]
    for i in range(n):
        r = np.random.default_rng([seed, i, crc32(world.encode())])
        b = make_body(r)
        c = realise(r, b, make_plans(r, b))
        yield assemble(r, world, c, make(r, c, proneness(r)))
