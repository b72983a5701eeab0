"""A runner's life without cramps (plans, pacing, weather, drinking) and the record with a cramp put in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from outside.worlds.records import (
    COL,
    COLUMNS,
    COMPONENTS,
    SHIFTED,
    Profile,
)

DT = 120.0  # seconds per cell of the cramp models
DS = 100.0  # metres per pacing step
MUSCLES = ("calf", "hamstring", "foot")
TASTES = {
    "short": ((10, 15, 21.1), (0.5, 0.2, 0.3)),
    "half": ((10, 15, 21.1, 30, 42.2), (0.25, 0.1, 0.5, 0.05, 0.1)),
    "marathon": ((10, 21.1, 30, 42.2), (0.15, 0.35, 0.1, 0.4)),
    "ultra": ((21.1, 42.2, 50, 60), (0.3, 0.35, 0.2, 0.15)),
}
STAKE = {
    "race": 1.0,
    "hard_long": 1.0,
    "tempo": 0.2,
    "interval": 0.2,
    "long": 0.08,
    "easy": 0.03,
}  # how near training goes to cramping
MONTH_W = np.array([0.4, 0.6, 1, 1.5, 1.4, 1.1, 0.8, 0.8, 1.5, 1.5, 0.8, 0.4])
Rng = np.random.Generator


@dataclass(frozen=True)
class Body:
    profile: Profile
    born: datetime  # midnight of the first day of the log
    days: int
    v10: float  # m/s over 10 km at the first day
    fade_exp: float  # Riegel exponent - 1
    form: np.ndarray  # per day, about 1
    sweat_lh: float
    sodium_mg_l: float  # in sweat
    stores_g_kg: float
    drink_lh: float
    drink_sodium: float
    carb_gh: float
    start_habit: float
    surge_habit: float
    climate: tuple[float, float]  # yearly mean, amplitude
    taste: str
    hilly: float  # m climbed per km at home
    easy_km: float
    per_week: float
    answer_rate: float
    sites: np.ndarray  # calf, hamstring, foot
    hr: tuple[float, float]  # rest, max
    has: tuple[bool, bool]  # heart rate, cadence recorded

    def level(self, day: float, km: float) -> float:
        return self.v10 * self.form[min(int(day), self.days - 1)] * (km / 10.0) ** -self.fade_exp


@dataclass(frozen=True)
class Plan:
    day: float  # incl. hour of day / 24
    kind: str
    km: float
    start: float = 0.0  # excess of the first kilometres, share of level
    ambition: float = 0.0
    hills: float = 6.0
    temp: float = 12.0
    hum: float = 65.0
    litres_h: float = 0.0
    sodium_l: float = 0.0
    carb_h: float = 0.0
    shoe: int = 0
    tight: bool = False
    bad_sleep: bool = False

    @property
    def hard(self) -> bool:
        return self.kind in ("race", "hard_long")


@dataclass
class Career:
    body: Body
    plans: list[Plan]
    paths: list[tuple[np.ndarray, ...]]  # per run: metres, seconds, altitude, sweat litres
    X: np.ndarray  # components x cells
    off: np.ndarray  # first cell of each run, and the end
    val: np.ndarray  # runs x components, run-level values
    hard: np.ndarray
    seconds: np.ndarray
    shoe_km: np.ndarray  # km the worn pair had before the run

    def cells(self, per_run: np.ndarray) -> np.ndarray:
        return np.repeat(per_run, np.diff(self.off))

    def stake(self, power: float = 1.0) -> np.ndarray:
        return self.cells(np.array([STAKE[p.kind] ** power for p in self.plans]))

    def stand(self, family: str) -> np.ndarray:
        """X had the family stood, in every hard run, at the lower quartile of its own hard-run values."""
        X = self.X.copy()
        for name in COMPONENTS[family]:
            j = COL[name]
            v = self.val[:, j]
            q = np.quantile(v[self.hard], 0.25)
            if name in SHIFTED:
                X[j] -= self.cells(np.where(self.hard, np.maximum(v - q, 0), 0))
            else:
                X[j] *= self.cells(np.where(self.hard & (v > q), q / np.maximum(v, 1e-9), 1.0))
        return X


def make_body(r: Rng) -> Body:
    sex, age = ("m" if r.random() < 0.6 else "f"), int(np.clip(r.normal(41, 11), 20, 69))
    height = r.normal(1.79 if sex == "m" else 1.67, 0.06)
    mass = float(np.clip(r.normal(22.8, 2.0), 18.5, 28)) * height**2
    v10 = max(2.3, r.normal(3.65 if sex == "m" else 3.25, 0.38) * (1 - 0.006 * max(0, age - 35)))
    years = r.uniform(1, 4)
    days = int(years * 365.25)
    knots = np.arange(0, days + 61, 60)
    born = datetime(2018, 1, 1) + timedelta(days=int(r.integers(0, 1800)))
    d = np.arange(days)
    form = (
        1
        + np.interp(d, knots, np.cumsum(r.normal(0, 0.008, len(knots))))
        + r.normal(0.004, 0.012) * d / 365
        + r.uniform(0, 0.02) * np.sin(2 * np.pi * (d + born.timetuple().tm_yday - 150) / 365.25)
    )
    fade, bd = r.uniform(0.055, 0.095), float(r.choice([10.0, 21.1]))
    best = bd * 1000 / (v10 * (bd / 10) ** -fade) * r.normal(1.01, 0.015)
    prof = Profile(age, sex, round(mass, 1), round(height, 2), bd, round(best))
    taste = str(r.choice(list(TASTES), p=[0.2, 0.3, 0.35, 0.15]))
    mx = 208 - 0.7 * age + r.normal(0, 7)
    return Body(
        prof,
        born,
        days,
        v10,
        fade,
        form,
        float(np.clip(r.normal(0.95, 0.25), 0.45, 1.7)) * mass / 70,
        float(np.clip(r.normal(950, 320), 350, 1900)),
        r.uniform(5.5, 7.5),
        r.uniform(0.15, 0.65),
        float(r.choice([0, 0, 250, 450, 700])),
        float(r.choice([0, 15, 30, 45, 60])),
        float(np.clip(r.normal(0.02, 0.025), -0.03, 0.08)),
        float(r.beta(1, 1.6)),
        (r.uniform(8, 17), r.uniform(6, 11)),
        taste,
        float(r.gamma(2, 4)) + (8 if taste == "ultra" else 0),
        r.uniform(6, 10.5),
        float(r.uniform(1.2, 3.8)) * (1 if years < 2.2 else 0.75),
        r.uniform(0.6, 0.95),
        r.dirichlet([9, 2, 1]),
        (r.uniform(44, 64), mx),
        (r.random() < 0.9, r.random() < 0.85),
    )


def dress(r: Rng, b: Body, p: Plan) -> Plan:
    """Weather of the day and what the runner means to drink."""
    date = b.born + timedelta(days=p.day)
    season = -np.cos(2 * np.pi * (date.timetuple().tm_yday - 18) / 365.25)
    temp = b.climate[0] + b.climate[1] * season + r.normal(0, 3.5) + (2.5 if 12 <= date.hour < 18 else -1.5)
    hum = float(np.clip(82 - 1.1 * (temp - 8) + r.normal(0, 11), 25, 99))
    long = p.km > 15
    on = (p.hard and (p.km > 12 or r.random() < 0.4)) or long
    return replace(
        p,
        temp=float(np.clip(temp, -8, 35)),
        hum=hum,
        tight=bool(r.random() < 0.12),
        bad_sleep=bool(r.random() < (0.25 if p.kind == "race" else 0.1)),
        hills=max(0.5, p.hills),
        litres_h=min(
            0.95,
            on
            * b.drink_lh
            * b.profile.mass_kg
            / 70
            * r.lognormal(0, 0.35)
            * (1 + 0.02 * max(0, temp - 12))
            * (1 if p.hard else 0.5),
        ),
        sodium_l=b.drink_sodium * (r.random() < 0.8) * r.uniform(0.6, 1.3),
        carb_h=on * b.carb_gh * r.lognormal(0, 0.3) * (r.random() < 0.85) * (1 if p.hard else 0.4),
    )


def make_plans(r: Rng, b: Body) -> list[Plan]:  # noqa: C901 - a life in its order
    days, years = b.days, b.days / 365.25
    n_race = int(np.clip(round(years * r.uniform(2.5, 5.5)), 4, 14))
    cand = np.arange(35, days - 1)
    w = MONTH_W[np.array([(b.born + timedelta(days=int(d))).month - 1 for d in cand])]
    w = w * np.array([(b.born + timedelta(days=int(d))).weekday() == 6 for d in cand])
    picked: list[int] = []
    for d in r.choice(cand, size=min(len(cand), (w > 0).sum()), replace=False, p=w / w.sum()):
        if len(picked) < n_race and all(abs(d - o) > 13 for o in picked):
            picked.append(int(d))
    kms, ps = TASTES[b.taste]
    plans: list[Plan] = []
    ramp = np.full(days, 1.5 * b.easy_km)  # what a long run would be on a day
    prep = np.zeros(days, bool)
    for d in sorted(picked):
        km = float(r.choice(kms, p=ps))
        short = km <= 15
        plans.append(
            Plan(
                d + r.uniform(8.5, 10.5) / 24,
                "race",
                km,
                float(np.clip(r.normal(b.start_habit + 0.015 * short, 0.035), -0.05, 0.16)),
                r.normal(-0.005, 0.025),
                b.hilly * r.lognormal(-0.1, 0.6) if b.taste != "ultra" else r.gamma(3, 8),
            )
        )
        if km > 20:
            peak, a = min(36, km * r.uniform(0.45, 0.95)), max(0, d - 84)
            span = np.arange(a, max(a, d - 9))
            ramp[span] = np.maximum(ramp[span], peak * np.interp(d - span, [9, 21, 84], [0.6, 1, 0.45]))
            prep[span] = True
    hard_days: list[int] = []
    want = int(np.clip(r.poisson(1.6 * years) + 1, max(1, 5 - len(picked)), 20 - len(picked)))
    pool = np.flatnonzero(prep) if prep.sum() > 30 else np.arange(30, days)
    for d in r.permutation(pool):
        if len(hard_days) < want and all(abs(d - o) > 6 for o in picked) and all(abs(d - o) > 9 for o in hard_days):
            hard_days.append(int(d))
            plans.append(
                Plan(
                    d + r.uniform(7.5, 11) / 24,
                    "hard_long",
                    float(np.clip(ramp[d] * r.uniform(0.85, 1.2), 12, 38)),
                    r.normal(0.5 * b.start_habit, 0.02),
                    r.normal(-0.06, 0.03),
                    b.hilly * r.lognormal(0, 0.4),
                )
            )
    quiet = np.zeros(days, bool)  # illness, holidays
    for _ in range(r.poisson(1.3 * years)):
        a = int(r.integers(0, days))
        quiet[a : a + int(r.integers(10, 40))] = True
    busy = set(picked) | set(hard_days) | {d - 1 for d in picked} | {d + 1 for d in picked}
    rate = b.per_week / 7 * np.where(prep, 1.25, 0.9) * np.where(quiet, 0.1, 1)
    rate *= min(1.0, (r.uniform(75, 218) - len(plans)) / rate.sum())
    rate *= max(1.0, (64 - len(plans)) / rate.sum())
    go = [int(d) for d in np.flatnonzero(r.random(days) < rate) if d not in busy][: 220 - len(plans)]
    spare = [int(d) for d in r.permutation(days) if d not in busy and d not in go]
    go += spare[: max(0, 60 - len(plans) - len(go))]
    for d in go:
        weekend = (b.born + timedelta(days=d)).weekday() >= 5
        u, hour = r.random(), (r.uniform(7, 11) if weekend else float(r.choice([r.uniform(6, 8), r.uniform(17, 20)])))
        kind = (
            "long"
            if weekend and u < (0.75 if prep[d] else 0.35)
            else ("tempo" if u > 0.92 else "interval" if u > 0.85 else "easy")
        )
        km = {
            "long": ramp[d] * r.uniform(0.8, 1.1),
            "tempo": r.uniform(7, 12),
            "interval": r.uniform(7, 11),
            "easy": b.easy_km * r.lognormal(0, 0.22),
        }[kind]
        plans.append(
            Plan(
                d + hour / 24,
                kind,
                float(np.clip(km, 4, 36)),
                r.normal(0, 0.015),
                r.normal(0, 0.03),
                b.hilly * r.lognormal(0, 0.5),
            )
        )
    plans = [dress(r, b, p) for p in sorted(plans, key=lambda p: p.day)]
    used, swap = np.zeros(40), [0, 1]  # two pairs in turn; each is replaced when worn out
    limit, light, out = r.uniform(350, 800, 40), r.uniform(0.3, 0.9), []
    for p in plans:
        k = int(r.random() < (light if p.hard else 0.15))
        if used[swap[k]] > limit[swap[k]] and max(swap) < 38:
            swap[k] = max(swap) + 1
        used[swap[k]] += p.km
        out.append(replace(p, shoe=swap[k]))
    return out


def realise(r: Rng, b: Body, plans: list[Plan]) -> Career:
    day, km = np.array([p.day for p in plans]), np.array([p.km for p in plans])
    mass, n = b.profile.mass_kg, len(plans)
    vol = np.array([km[(day < d) & (day >= d - 28)].sum() for d in day])
    usual = max(10.0, float(np.median(vol[day > 35])) if (day > 35).any() else 10.0)
    longest = np.array([max(1.3 * b.easy_km, km[(day < d) & (day >= d - 42)].max(initial=0)) for d in day])
    paths, blocks, val, secs, shoe_km, worn = [], [], np.zeros((n, len(COLUMNS))), np.zeros(n), np.zeros(n), {}
    for i, p in enumerate(plans):
        m = int(np.ceil(p.km * 1000 / DS))
        u, own = (np.arange(m) + 0.5) / m, b.level(p.day, p.km)
        ph, fr = r.uniform(0, 6.28, 5), np.array([0.7, 1.6, 3.1, 5.2, 8.3]) * max(1, p.km / 8)
        z = (np.sin(2 * np.pi * fr[:, None] * np.linspace(0, 1, m + 1) / 2 + ph[:, None]) / np.sqrt(fr[:, None])).sum(0)
        z *= p.hills * p.km / max(1e-6, np.maximum(np.diff(z), 0).sum())
        grade = np.clip(np.diff(z) / DS, -0.25, 0.25)
        app = p.temp + 0.08 * (p.hum - 60) * (p.temp > 14)
        hot = 1 - 0.0022 * max(0, app - 13) * min(2.0, p.km / 20)
        base = {
            "race": own * (1 + p.ambition) * hot,
            "hard_long": own * (0.97 + p.ambition) * hot,
            "long": b.v10 * 0.77 * (1 + p.ambition),
            "easy": b.v10 * 0.78 * (1 + p.ambition),
            "tempo": b.v10 * 0.9 * (1 + p.ambition),
            "interval": b.v10 * 0.86 * (1 + p.ambition),
        }[p.kind]
        fade = max(
            0,
            r.normal(0.015, 0.02) + (0.5 * max(0, p.start + p.ambition) + 0.0012 * max(0, p.km - 15) if p.hard else 0),
        )
        rel = 1 + p.start * np.exp(-u / 0.15) - fade * np.clip((u - 0.45) / 0.55, 0, 1) ** 1.3
        if p.kind == "interval":
            rel = np.where((u > 0.2) & (u < 0.88), np.where((np.arange(m) % 13) < 8, 1.17, 0.78), 0.85)
        elif p.kind == "tempo":
            rel *= np.where((u > 0.2) & (u < 0.85), 1.06, 0.85)
        elif p.kind == "race" and r.random() < b.surge_habit:
            for c in r.integers(5, m - 8, size=int(r.integers(2, 6))):
                rel[c : c + int(r.integers(3, 8))] *= r.uniform(1.06, 1.14)
        rel *= 1 + np.interp(np.arange(m), np.arange(0, m + 9, 8), r.normal(0, 0.012, len(np.arange(0, m + 9, 8))))
        flat = base * rel  # speed the effort would give on the flat
        v = flat / (1 + 3.0 * grade + 12 * grade**2)
        v = np.clip(v, 0.9, 6.5)
        t = np.concatenate([[0.0], np.cumsum(DS / v)])
        tm = (t[1:] + t[:-1]) / 2
        dt_h, hrs = np.diff(t) / 3600, tm / 3600
        sweat = np.cumsum(
            np.clip(b.sweat_lh * (flat / b.v10) ** 1.5 * 1.15 * (1 + 0.045 * (app - 15)), 0.15, 2.6) * dt_h
        )
        inten = flat / b.v10
        burn = np.cumsum(
            mass * DS / 1000 * (1 + 2.5 * np.maximum(grade, 0)) * np.clip(0.5 + 1.7 * (inten - 0.75), 0.35, 0.97) / 4
        )
        drunk, na_in, done = p.litres_h * hrs, p.litres_h * p.sodium_l * hrs, DS / 1000 * np.arange(1, m + 1)
        k = max(3, int(0.15 * m))
        first = (flat[:k].mean() / own - 1) / 0.05
        near = np.convolve(np.pad(flat, 15, "edge"), np.ones(31) / 31, "valid")
        jump = np.convolve(np.maximum(0, np.minimum(flat - near, flat - own)) / own, np.ones(7) / 7, "same")
        cols = {
            "level": (np.convolve(np.pad(flat, 2, "edge"), np.ones(5) / 5, "valid") / own - 1) / 0.05,
            "start": first * np.minimum(1, tm / tm[k]),
            "surge": jump / 0.04,
            "beyond": np.maximum(done / longest[i] - 1, 0) / 0.3,
            "thin": np.full(m, np.clip(1 - vol[i] / usual, 0, 1) / 0.4),
            "climb": np.cumsum(np.maximum(np.diff(z), 0)) / 250,
            "heat": np.maximum((app + min(1, p.temp / 20) * hrs - 16) / 7, -1.5),
            "loss": np.maximum(sweat - drunk, 0) / mass * 100 / 2,
            "salt": np.maximum(sweat * b.sodium_mg_l - na_in, 0) / mass / 25 + 0.3 * drunk * (p.sodium_l < 100),
            "fuel": np.maximum(burn - p.carb_h * hrs, 0) / (b.stores_g_kg * mass * (0.9 if p.bad_sleep else 1)) / 0.7,
            "hours": hrs / 2.5,
        }
        grid = np.arange(DT / 2, t[-1], DT)
        C = np.stack([np.interp(grid, tm, cols[name]) for name in COLUMNS])
        blocks.append(C)
        val[i] = C[:, -1]
        val[i, :] = np.where([n in ("level", "heat") for n in COLUMNS], C.mean(1), val[i])
        val[i, COL["surge"]] = C[COL["surge"]].max()
        val[i, COL["start"]] = first
        paths.append((np.arange(m + 1) * DS, t, z + 60, np.concatenate([[0], sweat])))
        secs[i], shoe_km[i] = t[-1], worn.get(p.shoe, 0.0)
        worn[p.shoe] = worn.get(p.shoe, 0.0) + p.km
    off = np.concatenate([[0], np.cumsum([c.shape[1] for c in blocks])])
    return Career(
        b, plans, paths, np.concatenate(blocks, 1), off, val, np.array([p.hard for p in plans]), secs, shoe_km
    )
