"""What the hard runs alone say for a trigger. Oracle: how each log was made."""

from types import SimpleNamespace

import numpy as np
import pytest

from charley.answers.history.contrast import contrast_evidence
from charley.answers.history.plan import CALF, factor_table, runner_prior
from charley.inference import sequential
from charley.inference.attribution import trigger_evidence
from charley.inference.compress import compress
from charley.inference.design import Report, RunRows
from charley.vocabulary.runner import Runner

TABLE, PRIOR = factor_table(), runner_prior(Runner(), CALF)
FAST, EVEN = 3.0, -4.0  # where the start lies, in SDs of its knee
PACE = TABLE.family_names.index("pace")


def run(start: float, at_y: float, *, hard: bool) -> RunRows:
    """Two hours, in one body, of which only the start may lie beyond a knee."""
    triggers = TABLE.triggers
    met = triggers.knee_mean + EVEN * triggers.knee_sd
    first = triggers.keys.index("fast_start")
    met[first] = triggers.knee_mean[first] + start * triggers.knee_sd[first]
    return RunRows(
        dt_h=np.full(4, 0.5),
        log_h0=np.full((1, 4), np.log(0.01 if hard else 0.0002)),
        covariates=np.zeros((1, 4, len(TABLE))),
        stressors=np.tile(met, (1, 4, 1)),
        time_y=at_y,
        hard=hard,
        run_id=f"{at_y:.4f}",
    )


def belief(hard: list[tuple[float, bool]], easy: int = 0) -> SimpleNamespace:
    """Hard runs by where the start lay and whether they cramped, and easy ones that never did."""
    rows = [run(start, 0.05 * i, hard=True) for i, (start, _) in enumerate(hard)]
    rows += [run(EVEN, 0.05 * len(hard) + 0.005 * i, hard=False) for i in range(easy)]
    said = [Report.exact(1.2) if came else Report.none() for _, came in hard] + [Report.none()] * easy
    log = SimpleNamespace(
        lead=CALF, priors={CALF: PRIOR}, reports={CALF: said}, rows=rows, table=TABLE,
        answered_hard=list(range(len(hard))),
    )  # fmt: skip
    runs = [compress(r, report, TABLE, PRIOR) for r, report in zip(rows, said, strict=True)]
    return SimpleNamespace(log=log, lead=sequential.fit(runs, TABLE, PRIOR, 600, 1))


def test_fast_starts_that_all_cramp_beside_even_ones_that_never_do_are_a_contrast():
    assert contrast_evidence(belief([(FAST, True), (EVEN, False)] * 6))[PACE] > 3


def test_cramps_that_fall_on_fast_and_even_starts_alike_are_none():
    alike = [(FAST, True), (EVEN, True), (FAST, False), (EVEN, False)] * 3
    assert contrast_evidence(belief(alike))[PACE] < 0.5


def test_races_that_cramp_beside_easy_runs_that_do_not_are_no_contrast():
    """The start is fast in every race and in no easy run: it may explain the races, and no race can say so."""
    raced = belief([(FAST, i % 2 == 0) for i in range(12)], easy=30)
    whole, alone = trigger_evidence(raced.lead)[PACE], contrast_evidence(raced)[PACE]
    assert alone < whole


@pytest.mark.parametrize("at_h", [0.2, 1.9])
def test_where_in_its_run_a_cramp_came_is_set_aside(at_h):
    some = belief([(FAST, True), (EVEN, False)] * 3)
    before = contrast_evidence(some)
    some.log.reports[CALF] = [Report.exact(at_h) if r.cramped else r for r in some.log.reports[CALF]]
    assert np.array_equal(contrast_evidence(some), before)
