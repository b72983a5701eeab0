"""What a watch keeps of a run in which a cramp came or not, and what the runner says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import numpy as np

from outside.worlds.life import DS, MUSCLES, Career, Rng
from outside.worlds.records import (
    COLUMNS,
    CrampTold,
    Drink,
    OutsideRun,
    Report,
    TrueCramp,
    TrueRun,
)


def record(
    r: Rng,
    c: Career,
    i: int,
    cramps: list[tuple[float, str, str]],
    after: tuple[float, str, str] | None,
    always_answer: bool = False,
    honest: bool = False,
) -> tuple[OutsideRun, TrueRun]:
    """The record of run i with (time_s, muscle, side) cramps put in, and what is told of it."""
    b, p = c.body, c.plans[i]
    s, t, z, sweat = c.paths[i]
    v, pause, end = DS / np.diff(t), np.zeros(len(t) - 1), s[-1]
    lived: list[TrueCramp] = []
    for when, muscle, side in sorted(cramps):
        k = min(int(np.searchsorted(t, when)), len(v) - 1)
        where, sev = float(np.interp(when, t, s)), int(r.choice([1, 2, 3], p=[0.35, 0.4, 0.25]))
        if where >= end:
            break
        lived.append(TrueCramp(when, where / 1000, muscle, side, sev))
        v[k:] *= 1 - (0.04, 0.12, 0.28)[sev - 1] * r.uniform(0.6, 1.3)
        walk = int(r.integers(0, 3) if sev == 1 else r.integers(2, 9) if sev == 2 else r.integers(5, 30))
        v[k : k + walk] = np.minimum(v[k : k + walk], r.uniform(1.2, 1.7))
        pause[k] += (0, 30, 120)[sev - 1] * r.uniform(0.3, 2)
        if r.random() < (0, 0.04, 0.25)[sev - 1]:
            end = min(end, where + r.uniform(100, 1500))
    T = np.concatenate([[0.0], np.cumsum(DS / v + pause)])
    lived = [replace(w, time_s=float(np.interp(w.km * 1000, s, T))) for w in lived]
    t5 = np.arange(0, np.interp(end, s, T) + 0.1, 5.0)
    if pause.any():  # standing still: distance flat during the pause
        kk = np.flatnonzero(pause)
        T2, s2 = np.insert(T, kk + 1, T[kk] + pause[kk]), np.insert(s, kk + 1, s[kk])
        dist = np.interp(t5, T2, s2)
    else:
        dist = np.interp(t5, T, s)
    n = len(t5)
    sp = np.diff(dist, append=dist[-1] + 5 * v[min(int(dist[-1] / DS), len(v) - 1)]) / 5
    knots = np.arange(0, n + 13, 12)
    sp_eff = np.convolve(np.pad(sp, (17, 0), "edge"), np.ones(18) / 18, "valid")
    hr = cad = None
    if b.has[0] and r.random() < 0.96:
        app = p.temp + 0.08 * (p.hum - 60) * (p.temp > 14)
        f = 0.02 + 0.88 * sp_eff / b.v10 + 0.02 * t5 / 3600 + 0.0025 * max(0, app - 15)
        hr = (
            b.hr[0]
            + (b.hr[1] - b.hr[0]) * np.clip(f, 0.1, 1.0)
            + np.interp(np.arange(n), knots, r.normal(0, 2, len(knots)))
        )
        hr = np.round(np.clip(hr, b.hr[0] + 5, b.hr[1] + 3)).astype(np.float32)
    if b.has[1]:
        cad = np.where(sp > 1.9, 148 + 8 * sp + (1.75 - b.profile.height_m) * 50, np.where(sp < 0.3, 0, 70 + 30 * sp))
        cad = np.round(cad + r.normal(0, 1.5, n) * (sp > 0.3)).astype(np.float32)
    hours = t5[-1] / 3600
    litres, told = p.litres_h * hours, r.random() < (0.75 if p.hard else 0.12)
    drinks: tuple[Drink, ...] | None = None
    if told:
        e = r.lognormal(0, 0.12)
        drinks = (
            ()
            if litres < 0.02
            else (
                Drink(
                    "drink" if p.sodium_l > 100 else "water",
                    round(float(litres * e), 2),
                    float(round(litres * p.sodium_l * e)),
                    0.0,
                ),
            )
        )
        if p.carb_h * hours > 5:
            drinks += (Drink("gels", 0.0, 0.0, round(p.carb_h * hours / 5) * 5.0),)
    weighed = r.random() < (0.2 if p.hard else 0.03)
    mass0 = b.profile.mass_kg + r.normal(0, 0.6)
    lost = float(np.interp(end, s, sweat)) - litres
    air = r.random() < 0.85
    start = b.born + timedelta(seconds=round(p.day * 86400))
    report = tell(r, c, i, lived, after, dist[-1] / 1000, t5[-1], always_answer, honest)
    run = OutsideRun(
        start,
        p.kind,
        p.hard,
        p.km if p.kind == "race" else None,
        t5.astype(np.float32),
        dist.astype(np.float32),
        (np.interp(dist, s, z) + np.interp(np.arange(n), knots, r.normal(0, 0.4, len(knots)))).astype(np.float32),
        hr,
        cad,
        round(p.temp + r.normal(0, 0.7), 1) if air else None,
        float(round(p.hum)) if air else None,
        drinks,
        round(float(mass0), 1) if weighed else None,
        round(float(mass0 - lost + r.normal(0, 0.15)), 1) if weighed else None,
        f"pair {p.shoe + 1}" if honest or r.random() < 0.9 else None,
        p.tight if p.hard and r.random() < 0.7 else None,
        p.bad_sleep if p.hard and r.random() < 0.7 else None,
        report,
    )
    return run, TrueRun(
        tuple(lived),
        after[0] if after else None,
        bool(end < s[-1]),
        p.km,
        dict(zip(COLUMNS, c.val[i].tolist(), strict=False)),
    )


def tell(
    r: Rng,
    c: Career,
    i: int,
    lived: Iterable[TrueCramp],
    after: tuple[float, str, str] | None,
    km: float,
    secs: float,
    always: bool,
    honest: bool,
) -> Report | None:
    b, p, lived = c.body, c.plans[i], list(lived)
    asked = (always and p.hard) or r.random() < (b.answer_rate if p.hard else 0.55 if lived or after else 0.04)
    if not asked:
        return None
    late = {"after_hours": round(after[0], 1), "after_muscle": after[1], "after_side": after[2]} if after else {}
    if lived and not honest and r.random() < 0.05:
        return Report("no_cramp")
    if not lived and not honest and p.hard and r.random() < 0.015:
        lived = [
            TrueCramp(0, r.uniform(0.4, 1) * km, str(r.choice(MUSCLES, p=b.sites)), str(r.choice(["left", "right"])), 1)
        ]
    if not lived:
        return Report("after_only", (), **late) if after and (honest or r.random() < 0.85) else Report("no_cramp")
    out = []
    for w in lived:
        err = r.uniform(-2, 2) if not honest and r.random() < 0.22 else r.normal(0, 0.25)
        at, u = float(np.clip(w.km + err, 0.2, km)), r.random()
        out.append(
            CrampTold(
                float(round(at / km * secs)) if 0.6 <= u < 0.85 else None,
                round(at, 1) if u < 0.6 or honest else None,
                w.muscle if honest or r.random() > 0.04 else "calf",
                w.side if honest or r.random() > 0.1 else None,
                w.severity,
            )
        )
        if honest and out[-1].time_s is not None:
            out[-1] = replace(out[-1], time_s=None)
    return Report("cramp", tuple(out), **late)
