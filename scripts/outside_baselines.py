"""What others would have foretold of the same hard runs: base rate, own rate, ridge logistic, boosted stumps.

Each sees only what the journal held before the run (of other runners: all). Nothing here knows a physiology.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Rows = list[dict[str, Any]]
LEAST_PAST = 4  # told hard runs before a regression of one's own is tried
OWN_RIDGE, ROSTER_RIDGE = 3.0, 1.0
FOLDS = 10  # of runners, for the boosting: each fold is foretold from the others
STUMPS, RATE, BINS, LEAF = 150, 0.1, 16, 8.0  # usual settings, not tuned
STRENGTHS = (1.0, 2.0, 4.0, 8.0, 16.0)  # of the pull to the base rate, in runs; chosen on the other runners


def told(row: dict[str, Any]) -> Rows:
    """The hard runs of a runner of which something was said, in order."""
    return [r for r in row["runs"] if r["told"] is not None]


def forecasts(rows: Rows) -> dict[str, list[np.ndarray]]:
    """Of each runner, by method, a chance for each told hard run."""
    runs = [told(r) for r in rows]
    y = [np.array([float(r["told"]) for r in mine]) for mine in runs]
    x = [np.array([[np.nan if v is None else v for v in r["x"]] for r in mine]).reshape(len(mine), -1) for mine in runs]
    out: dict[str, list[np.ndarray]] = {
        k: [] for k in ("base rate", "own rate", "own rate, shrunk", "own ridge", "roster ridge", "roster boosting")
    }
    boosters = _boosters(x, y)
    for i in range(len(rows)):
        others = [j for j in range(len(rows)) if j != i and y[j].size]
        base = float(np.clip(np.concatenate([y[j] for j in others]).mean(), 0.01, 0.99)) if others else 0.2
        strength = min(STRENGTHS, key=lambda s: sum(_loss(_running(y[j], base, s), y[j]) for j in others))
        shrunk = _running(y[i], base, strength)
        out["base rate"].append(np.full(y[i].size, base))
        out["own rate"].append(_running(y[i], 0.5, 1.0))  # Jeffreys
        out["own rate, shrunk"].append(shrunk)
        out["own ridge"].append(_own_ridge(x[i], y[i], shrunk))
        if others:
            fitted = ridge(np.concatenate([x[j] for j in others]), np.concatenate([y[j] for j in others]), ROSTER_RIDGE)
            out["roster ridge"].append(fitted(x[i]))
        else:
            out["roster ridge"].append(np.full(y[i].size, base))
        out["roster boosting"].append(boosters[i % FOLDS](_with_past(x[i], y[i], shrunk)))
    return out


def _running(y: np.ndarray, base: float, strength: float) -> np.ndarray:
    before, n = np.concatenate([[0.0], np.cumsum(y)[:-1]]) if y.size else np.zeros(0), np.arange(y.size)
    return (before + strength * base) / (n + strength)


def _loss(p: np.ndarray, y: np.ndarray) -> float:
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).sum())


def _own_ridge(x: np.ndarray, y: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    out = otherwise.copy()
    for n in range(LEAST_PAST, y.size):
        if 0 < y[:n].sum() < n:
            out[n] = ridge(x[:n], y[:n], OWN_RIDGE)(x[n : n + 1])[0]
    return out


def ridge(x: np.ndarray, y: np.ndarray, penalty: float) -> Any:
    """Logistic regression with a ridge, by Newton's steps; what is missing stands at the mean."""
    known = np.isfinite(x)
    mean = np.where(known, x, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    sd = np.sqrt(np.where(known, (x - mean) ** 2, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1))

    def design(values: np.ndarray) -> np.ndarray:
        scaled = np.where(np.isfinite(values), (values - mean) / np.where(sd > 1e-9, sd, np.inf), 0.0)
        return np.column_stack([np.ones(len(values)), np.clip(scaled, -4.0, 4.0)])

    a = design(x)
    weight, pull = np.zeros(a.shape[1]), np.full(a.shape[1], penalty)
    pull[0] = 0.1
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(a @ weight, -30, 30)))
        hessian = (a * (p * (1 - p))[:, None]).T @ a + np.diag(pull)
        step = np.linalg.solve(hessian, a.T @ (y - p) - pull * weight)
        weight += np.clip(step, -2.0, 2.0)
    return lambda values: np.clip(1 / (1 + np.exp(-np.clip(design(values) @ weight, -30, 30))), 0.005, 0.995)


def _with_past(x: np.ndarray, y: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Features with the runner's own past: the shrunk rate so far, and how many hard runs were told."""
    return np.column_stack([x.reshape(len(y), -1), rate, np.arange(y.size)])


def _boosters(x: list[np.ndarray], y: list[np.ndarray]) -> list[Any]:
    """Of each fold of runners, what is learnt from all others."""
    made = []
    for fold in range(FOLDS):
        others = [j for j in range(len(y)) if j % FOLDS != fold and y[j].size]
        base = float(np.clip(np.concatenate([y[j] for j in others]).mean(), 0.01, 0.99)) if others else 0.2
        if not others:
            made.append(lambda rows, base=base: np.full(len(rows), base))
            continue
        rows = np.concatenate([_with_past(x[j], y[j], _running(y[j], base, 4.0)) for j in others])
        made.append(boosted(rows, np.concatenate([y[j] for j in others])))
    return made


def boosted(x: np.ndarray, y: np.ndarray) -> Any:
    """Gradient boosting of logistic loss with stumps (Friedman 2001, doi:10.1214/aos/1013203451); what is missing has a
    bin of its own, on the side that fits it."""
    with np.errstate(all="ignore"):
        edges = [np.unique(np.nanquantile(c, np.linspace(0, 1, BINS + 1)[1:-1])) if np.isfinite(c).any() else np.zeros(1) for c in x.T]  # fmt: skip

    def cut(values: np.ndarray) -> np.ndarray:
        return np.column_stack(
            [np.where(np.isfinite(c), 1 + np.searchsorted(e, c), 0) for c, e in zip(values.T, edges, strict=True)]
        )

    binned, f = cut(x), np.full(len(y), np.log(np.clip(y.mean(), 0.01, 0.99) / (1 - np.clip(y.mean(), 0.01, 0.99))))
    start, stumps = float(f[0]) if len(f) else 0.0, []
    for _ in range(STUMPS):
        p = 1 / (1 + np.exp(-f))
        best: tuple[float, int, np.ndarray] | None = None
        for j in range(binned.shape[1]):
            g = np.bincount(binned[:, j], y - p, BINS + 1)
            h = np.bincount(binned[:, j], p * (1 - p), BINS + 1)
            n = np.bincount(binned[:, j], minlength=BINS + 1)
            for missing_low in (True, False):
                low_g, low_h, low_n = (np.cumsum(v[1:])[:-1] + (v[0] if missing_low else 0.0) for v in (g, h, n))
                high_g, high_h, high_n = g.sum() - low_g, h.sum() - low_h, n.sum() - low_n
                gain = low_g**2 / (low_h + 1) + high_g**2 / (high_h + 1)
                gain = np.where((low_n >= LEAF) & (high_n >= LEAF), gain, -1.0)
                k = int(gain.argmax())
                if gain[k] > 0 and (best is None or gain[k] > best[0]):
                    step = np.full(BINS + 1, high_g[k] / (high_h[k] + 1))
                    step[1 : k + 2] = low_g[k] / (low_h[k] + 1)
                    step[0] = step[1] if missing_low else step[-1]
                    best = (float(gain[k]), j, RATE * step)
        if best is None:
            break
        stumps.append(best[1:])
        f = f + best[2][binned[:, best[1]]]

    def predict(values: np.ndarray) -> np.ndarray:
        rows = cut(values)
        total = np.full(len(rows), start)
        for j, step in stumps:
            total += step[rows[:, j]]
        return np.clip(1 / (1 + np.exp(-total)), 0.005, 0.995)

    return predict
