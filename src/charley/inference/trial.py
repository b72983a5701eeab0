"""One change, on in some runs and off in others: arms in random order, and what the outcome says of the change.

The effect is one more sensitivity with a prior around zero, learnt together with all others, so that hot days or hard
races that fall into one arm are allowed for. A runner knows the arm: what they expect may move what they feel, and no
sum can take that out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.evidence.numbers.learning import LEARNING
from charley.inference.design import FactorTable, RunRows
from charley.inference.forecast import chance
from charley.inference.posterior import Posterior
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import Warned, registry

BLOCK = 4  # two runs on and two off, in random order, again and again


@dataclass(frozen=True, slots=True)
class TrialResult:
    """The change's effect under each draw, (draws,), with the posterior's weights.

    ``log_ratio``: log of the ratio of hazards, on against off. ``chance_on``, ``chance_off``: of a cramp in the run
    asked about; ``difference``: on minus off. ``probability_lower``: that the change lowers the chance. ``warnings``
    say what no sum can take out.
    """

    log_ratio: Floats
    chance_on: Floats
    chance_off: Floats
    difference: Floats
    probability_lower: float
    warnings: tuple[Warned, ...]


def randomised_arms(runs: int, seed: int) -> list[bool]:
    """Arms of the next ``runs`` runs, True = with the change: balanced in every block of four, in random order."""
    rng = np.random.default_rng(seed)
    blocks = -(-runs // BLOCK)
    order = [bool(on) for _ in range(blocks) for on in rng.permutation(np.arange(BLOCK) < BLOCK // 2)]
    return order[:runs]


def with_change(
    table: FactorTable,
    runs: Sequence[RunRows],
    on: Sequence[bool],
    key: str,
    label: str,
    log_ratio_sd: float = LEARNING.change_log_ratio_sd,
) -> tuple[FactorTable, list[RunRows]]:
    """Table and runs with the change as one more, signed, factor: 1 in the runs that had it. Fit them as ever.

    ``log_ratio_sd``: prior SD of the log ratio of hazards; default for a change that nobody has studied.
    """
    if len(runs) != len(on):
        raise ValueError(f"{len(runs)} runs, but {len(on)} arms")
    marked = [_marked(r, float(arm)) for r, arm in zip(runs, on, strict=True)]
    return table.with_factor(key, label, key, 0.0, log_ratio_sd), marked


def _marked(run: RunRows, value: float) -> RunRows:
    column = np.full((*run.covariates.shape[:2], 1), value)
    return replace(run, covariates=np.concatenate([run.covariates, column], axis=2))


def trial_result(posterior: Posterior, run: RunRows, key: str) -> TrialResult:
    """Effect of the change on ``run``, whose covariates still lack it. ``key`` is that given to ``with_change``."""
    if posterior.layout.table.keys[-1] != key:
        raise ValueError(f"the last factor is {posterior.layout.table.keys[-1]}, not {key}")
    on, off = chance(posterior, _marked(run, 1.0)), chance(posterior, _marked(run, 0.0))
    return TrialResult(
        log_ratio=posterior.sensitivities[:, -1],
        chance_on=on,
        chance_off=off,
        difference=on - off,
        probability_lower=float(posterior.weights[on < off].sum()),
        warnings=(Warned("trial-arm-known", registry()["trial-arm-known"].meaning),),
    )
