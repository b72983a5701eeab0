"""Other ways to forecast the same unseen runs, for docs/calibration.md. Needs an environment of its own.

    pip install scikit-learn lifelines pandas;  python scripts/compare_forecasts.py

Reads what ``calibrate_learning.py forecasts`` left behind. Peers get the whole roster's past runs and each runner's own
rate of cramps so far, the greatest and mean value of every covariate, and the duration; sensible defaults, not tuned.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

STORE = Path(__file__).resolve().parents[1] / "docs" / "calibration.json"
DATA = Path(tempfile.gettempdir()) / "charley_forecasts.npz"
ROSTER, RUNNER, LEARNING, KIND, CRAMPED, TIME_H, DURATION_H = range(7)
FIRST_FEATURE = 9


def rate_so_far(data: np.ndarray, by_kind: bool, pooled: bool) -> np.ndarray:
    """Shrunk rate of cramps in the runs to learn from: own (or the roster's), by kind of run or not."""
    out = np.zeros(len(data))
    past = data[:, LEARNING] == 1
    keys = data[:, [c for c, use in ((RUNNER, not pooled), (KIND, by_kind)) if use]]
    for key in np.unique(keys, axis=0):
        here = (keys == key).all(axis=1)
        alike = past & (data[:, KIND] == key[-1]) if by_kind else past
        general = data[alike, CRAMPED].mean()
        mine = data[here & past, CRAMPED]
        out[here] = (mine.sum() + 2 * general) / (mine.size + 2)
    return out


def features(data: np.ndarray, *, history: bool) -> np.ndarray:
    columns = [data[:, FIRST_FEATURE:], data[:, [DURATION_H]]]
    if history:
        columns.append(np.log(np.clip(rate_so_far(data, by_kind=False, pooled=False), 1e-4, None))[:, None])
    return np.hstack(columns)


def by_runner(data: np.ndarray) -> np.ndarray:
    """A logistic regression for each runner alone."""
    out, x = np.zeros(len(data)), features(data, history=False)
    for runner in np.unique(data[:, RUNNER]):
        here = data[:, RUNNER] == runner
        past = here & (data[:, LEARNING] == 1)
        if data[past, CRAMPED].sum() > 0:
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(x[past], data[past, CRAMPED])
            out[here] = model.predict_proba(x[here])[:, 1]
        else:
            out[here] = 1 / (past.sum() + 2)
    return out


def pooled(model: object, data: np.ndarray) -> np.ndarray:
    x, past = features(data, history=True), data[:, LEARNING] == 1
    return model.fit(x[past], data[past, CRAMPED]).predict_proba(x)[:, 1]


def cox(data: np.ndarray) -> np.ndarray:
    """Cox regression, one row a run: time to the first cramp, censored at the end."""
    x, past = features(data, history=True), data[:, LEARNING] == 1
    scaled = (x - x[past].mean(0)) / (x[past].std(0) + 1e-9)
    frame = pd.DataFrame(scaled).assign(time=data[:, TIME_H], cramped=data[:, CRAMPED])
    model = CoxPHFitter(penalizer=0.1).fit(frame[past], "time", "cramped")
    relative = model.predict_partial_hazard(frame).to_numpy()
    base = model.baseline_cumulative_hazard_
    at = np.interp(data[:, DURATION_H], base.index.to_numpy(), base.iloc[:, 0].to_numpy())
    return -np.expm1(-at * relative)


METHODS = {
    "logistic, roster and history": lambda d: pooled(
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)), d
    ),
    "gradient boosting, roster and history": lambda d: pooled(HistGradientBoostingClassifier(random_state=0), d),
    "logistic, own runs only": by_runner,
    "Cox (one row a run), roster and history": cox,
    "own shrunk rate by kind of run": lambda d: rate_so_far(d, by_kind=True, pooled=False),
    "roster's rate by kind of run": lambda d: rate_so_far(d, by_kind=True, pooled=True),
}


def main() -> None:
    warnings.simplefilter("ignore")
    from calibration_scores import scores_of

    data = np.load(DATA)["data"].astype(float)
    for name, method in METHODS.items():
        p = np.zeros(len(data))
        for roster in np.unique(data[:, ROSTER]):
            here = data[:, ROSTER] == roster
            p[here] = method(data[here])
        figures = scores_of(data, p)
        print(name, {k: v for k, v in figures.items() if k != "nll_each"}, flush=True)
        store = json.loads(STORE.read_text())  # read anew: another stage may have been kept meanwhile
        store["forecasts"][name] = figures
        STORE.write_text(json.dumps(store, indent=1) + "\n")


if __name__ == "__main__":
    main()
