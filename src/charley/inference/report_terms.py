"""What each report says of a run under one body: its log-likelihood by the hazards cumulated, and the derivatives.

With the run's gamma frailty (mean 1, variance theta) integrated out, H the cumulative hazard and
S(H) = (1 + theta H)^(-1/theta): see ``likelihood`` for the table of kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from charley.inference.design import ReportKind

Numbers = NDArray[np.floating[Any]]  # of the precision that the likelihood works in


@dataclass(frozen=True, slots=True)
class Terms:
    """Log-likelihood of the items of one kind, (items, draws), and its derivatives (None: not wanted, or none).

    By the hazard ``before``, by that ``within`` the time that the report speaks of, by theta, and by the chances of a
    report with and without a cramp.
    """

    value: Numbers
    d_before: Numbers | None = None
    d_theta: Numbers | None = None
    d_within: Numbers | None = None
    d_report: tuple[Numbers, Numbers] | None = None


def report_terms(
    kind: ReportKind,
    before: Numbers,
    within: Numbers | None,
    theta: Numbers,
    log_rate: Numbers | None,
    chances: tuple[Numbers, Numbers] | None,
    *,
    want_gradient: bool,
) -> Terms:
    """Terms of one kind of report.

    ``before`` and ``within`` (items, draws): hazard cumulated before the time the report speaks of, and within it.
    ``theta``, and the ``chances`` of a report with and without a cramp: (draws,). ``log_rate`` (items, draws): of the
    hazard at an exact time.
    """
    if kind is ReportKind.NONE and within is not None:  # asked about twitches, and none came: of those either
        quiet = _none(before + within, theta, want_gradient=want_gradient)
        return Terms(quiet.value, quiet.d_before, quiet.d_theta, quiet.d_before)
    if kind is ReportKind.NONE:
        return _none(before, theta, want_gradient=want_gradient)
    loss = _loss(before, theta)
    slope = 1 / (1 + theta * before)
    if kind is ReportKind.EXACT:
        assert log_rate is not None
        value = log_rate - (1 + theta) * loss
        if not want_gradient:
            return Terms(value)
        d_before = -(1 + theta) * slope
        return Terms(value, d_before, -loss - (1 + theta) * _by_theta(before, theta, loss, slope))
    if kind is ReportKind.NO_REPORT:
        assert chances is not None
        with_cramp, without = chances
        survival = np.exp(-loss)
        silence = (1 - with_cramp) + (with_cramp - without) * survival
        if not want_gradient:
            return Terms(np.log(silence))
        factor = (with_cramp - without) * survival / silence
        d_report = ((survival - 1) / silence, -survival / silence)
        by_theta = _by_theta(before, theta, loss, slope)
        return Terms(np.log(silence), -factor * slope, -factor * by_theta, d_report=d_report)
    assert within is not None  # somewhere in the interval; a twitch without a cramp has the same form
    gap = np.log1p(theta * within * slope) / theta  # S(a) - S(b) = S(a) (1 - exp(-gap)): no cancellation
    value = np.log(-np.expm1(-gap)) - loss
    if not want_gradient:
        return Terms(value)
    factor = 1 / np.expm1(gap)
    end = before + within
    slope_end = 1 / (1 + theta * end)
    by_theta, by_theta_end = _by_theta(before, theta, loss, slope), _by_theta(end, theta, loss + gap, slope_end)
    return Terms(
        value,
        -slope + factor * (slope_end - slope),
        -by_theta + factor * (by_theta_end - by_theta),
        factor * slope_end,
    )


def _none(hazard: Numbers, theta: Numbers, *, want_gradient: bool) -> Terms:
    """Nothing came: log S."""
    loss = _loss(hazard, theta)
    if not want_gradient:
        return Terms(np.negative(loss, out=loss))
    slope = 1 / (1 + theta * hazard)
    by_theta = _by_theta(hazard, theta, loss, slope)
    return Terms(np.negative(loss, out=loss), np.negative(slope, out=slope), np.negative(by_theta, out=by_theta))


def _loss(hazard: Numbers, theta: Numbers) -> Numbers:
    """-log S(H)."""
    loss = theta * hazard
    np.log1p(loss, out=loss)
    loss /= theta
    return loss


def _by_theta(hazard: Numbers, theta: Numbers, loss: Numbers, slope: Numbers) -> Numbers:
    """Derivative of -log S(H) by theta; ``slope``: that by H."""
    out = hazard * slope
    out -= loss
    out /= theta
    return out
