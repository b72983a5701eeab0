"""Published against simulated: standard errors, z and a verdict.

The rule: inside is within two standard errors of the published mean (SE = SD / root n; of a count, that of its share
with two successes and two failures added); where no number or no spread was printed, the sign has to be right. The
simulated mean's own error is shown beside it, not used: a wide simulation does not make a match.
"""

from __future__ import annotations

import math
import re

from charley.lab.protocol import Measure
from charley.vocabulary.laboratory import Simulated
from charley.vocabulary.studies import Outcome

WITHIN_SE = 2.0
PERCENT = 100.0
ADDED = 2  # Agresti and Coull 1998, doi:10.1080/00031305.1998.10480550


def standard_error(outcome: Outcome, n: int | None) -> float | None:
    """Standard error of a published mean in its own unit; None where it cannot be told. ``n``: people behind it."""
    people = outcome.n or n
    if outcome.spread is not None:
        if outcome.spread_kind in ("SE", "SE?"):
            return outcome.spread
        return outcome.spread / math.sqrt(people) if people else None
    if outcome.spread_kind == "count" and outcome.mean is not None:
        whole = _whole(outcome.unit)  # "of 13": the mean is a count of so many; "%": a share of n people
        if whole is not None:
            return whole * _share_error(outcome.mean, whole)
        if outcome.unit.startswith("%") and people:
            return PERCENT * _share_error(outcome.mean / PERCENT * people, people)
    return None


def _whole(unit: str) -> int | None:
    found = re.fullmatch(r"of (\d+)", unit)
    return int(found[1]) if found else None


def _share_error(count: float, people: int) -> float:
    share = (count + ADDED) / (people + 2 * ADDED)
    return math.sqrt(share * (1.0 - share) / (people + 2 * ADDED))


def in_unit(value: float, outcome_unit: str, statistic: str) -> float:
    """A share of people, in per cent, in the published unit."""
    whole = _whole(outcome_unit) if statistic == "share" else None
    return value if whole is None else value / PERCENT * whole


def verdict(simulated: Simulated, mean: float | None, se: float | None, row: Measure) -> tuple[str, float | None]:
    """The verdict on one outcome, and z where there is one."""
    if simulated.mean is None:
        return "no_value", None
    if mean is not None and se is not None:
        z = (simulated.mean - mean) / se
        return ("inside" if abs(z) <= WITHIN_SE else "high" if z > 0 else "low"), z
    if row.right is not None:
        return ("right_sign" if _right(simulated, row) else "wrong_sign"), None
    if mean is not None and row.within is not None:
        off = simulated.mean - mean
        return ("inside" if abs(off) <= row.within else "high" if off > 0 else "low"), None
    if mean is not None and (row.minus is not None and mean != 0.0):
        return ("right_sign" if simulated.mean * mean > 0 else "wrong_sign"), None
    return "no_spread", None


def _right(simulated: Simulated, row: Measure) -> bool:
    assert simulated.mean is not None
    if row.right == "above":
        return simulated.mean > row.than
    if row.right == "below":
        return simulated.mean < row.than
    far = abs(simulated.mean - row.than)
    if row.right == "about":
        return far <= (row.within or 0.0)
    # differs: by more than twice the simulation's own error
    return far > WITHIN_SE * (simulated.se or 0.0) and far > 0.0


def overall(verdicts: list[str]) -> str:
    """The verdict on an experiment from those on its outcomes."""
    from charley.vocabulary.laboratory import JUDGED, MET

    judged = [v for v in verdicts if v in JUDGED]
    met = [v for v in judged if v in MET]
    if not judged:
        return "nothing_judged"
    return "met" if len(met) == len(judged) else "partly" if met else "missed"
