"""How good forecasts were: discrimination, calibration and log score, over all runners and over those with few cramps."""

from __future__ import annotations

import numpy as np


def calibration_error(p: np.ndarray, y: np.ndarray, cells: int = 10) -> float:
    """Expected calibration error over cells of equal width."""
    cell = np.minimum((p * cells).astype(int), cells - 1)
    return float(sum(abs(p[cell == c].mean() - y[cell == c].mean()) * (cell == c).mean() for c in np.unique(cell)))


def reliability(p: np.ndarray, y: np.ndarray) -> list[list[float]]:
    cell = np.minimum((p * 6).astype(int), 5)
    return [[int((cell == c).sum()), float(p[cell == c].mean()), float(y[cell == c].mean())] for c in np.unique(cell)]


def scores_of(data: np.ndarray, p: np.ndarray) -> dict[str, object]:
    """Means over rosters of the scores of forecasts ``p`` for the unseen runs, and of runners with 1 to 6 cramps."""
    unseen = data[:, 2] == 0
    per = [score(p[here], data[here, 4]) for here in (unseen & (data[:, 0] == r) for r in range(8))]
    runner = (data[:, 0] * 1000 + data[:, 1]).astype(int)
    logged = np.bincount(runner, data[:, 4] * data[:, 2])[runner]
    few = unseen & (logged >= 1) & (logged <= 6)
    own = score(p[few], data[few, 4])
    mean = {k: float(np.mean([s[k] for s in per])) for k in per[0]}
    return mean | {"nll_each": [s["nll"] for s in per], "few_auc": own["auc"], "few_nll": own["nll"]}


def score(p: np.ndarray, y: np.ndarray) -> dict[str, float]:
    p = np.clip(p.astype(float), 1e-4, 1 - 1e-4)
    order = np.argsort(p, kind="stable")
    rank = np.empty(len(p))
    rank[order] = np.arange(1, len(p) + 1)
    ones = y.sum()
    return {
        "auc": float((rank[y == 1].sum() - ones * (ones + 1) / 2) / (ones * (len(y) - ones))),
        "brier": float(((p - y) ** 2).mean()),
        "ece": calibration_error(p, y),
        "nll": float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()),
        "ratio": float(p.mean() / y.mean()),
    }
