"""Log-likelihood of a runner's log and its gradient, for many draws of the unknowns at once.

With the run's gamma frailty (mean 1, variance theta) integrated out, H the cumulative hazard (of causes and background
together) and S(H) = (1 + theta H)^(-1/theta):

    none            log S(H)
    exact at t      log hazard(t) - (1 + 1/theta) log(1 + theta H(t))
    in (a, b]       log[S(H(a)) - S(H(b))]
    no report       log[(1 - r1)(1 - S) + (1 - r0) S]             r1, r0: chance of a report with, without a cramp
    twitch          log[S(H) - S(H + (kappa - 1) H')]             H': hazard with shared sensitivities

A cramp in a run weighs on drivers once: later cramps of the run stand in ``recurrence``, the hours after it in
``after_runs``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from charley.inference.compress import CompressedRun, Exposure, level_steps
from charley.inference.design import ReportKind
from charley.inference.prior import Layout
from charley.vocabulary.arrays import Floats, Index, Singles

CHUNK = 256  # draws evaluated together: their rows stay in the processor's cache ...
FEW_ROWS = 1500  # ... of which twice as many do where rows are few
_BLOCK_ROWS = 96  # rows summed by one product with ones and zeros
_ORDER = (ReportKind.EXACT, ReportKind.INTERVAL, ReportKind.TWITCH, ReportKind.NONE, ReportKind.NO_REPORT)


class SegmentSum:
    """Sums of consecutive rows of a (rows, draws) matrix, by small products with ones: faster than reduceat."""

    def __init__(self, lengths: Index, dtype: type = np.float32) -> None:
        self.lengths, self.dtype = lengths, dtype
        ends = np.cumsum(lengths)
        self.blocks: list[tuple[slice, slice, Singles]] = []
        first = 0
        while first < lengths.size:
            start = ends[first] - lengths[first]
            last = max(first + 1, int(np.searchsorted(ends, start + _BLOCK_ROWS, side="right")))
            owner = np.repeat(np.arange(last - first), lengths[first:last])
            ones = (np.arange(last - first)[:, None] == owner).astype(dtype)
            self.blocks.append((slice(first, last), slice(start, ends[last - 1]), ones))
            first = last

    def __call__(self, rows: Singles) -> Floats:
        """(segments, draws) and a last row of zeros, which index -1 reads for an absent segment."""
        out: NDArray[np.floating[Any]] = np.zeros((self.lengths.size + 1, rows.shape[1]), dtype=self.dtype)
        for segments, span, ones in self.blocks:
            np.matmul(ones, rows[span], out=out[segments])
        return out.astype(np.float64)


class _Columns:
    """Rows as the likelihood takes them: the layout's columns and the log weight."""

    def __init__(self, layout: Layout) -> None:
        ramps = len(layout.table) + np.arange(layout.table.triggers.columns)
        self.chosen = np.concatenate([layout.active, ramps]).astype(np.intp)
        self.factors = layout.active.size

    def of(self, x: Floats, caused: Floats, log_weight: Floats, steps: Floats, hard: bool) -> Floats:
        """Rows (n, columns + 1); the background has no factors and no level."""
        out = np.empty((len(x), self.chosen.size + steps.size + 4))
        out[:, : self.chosen.size] = x[:, self.chosen]
        out[:, : self.factors] *= caused[:, None]
        out[:, self.chosen.size : self.chosen.size + steps.size] = caused[:, None] * steps
        out[:, -4], out[:, -3], out[:, -1] = caused, 1 - caused, log_weight
        out[:, -2] = 0.0 if hard else 1 - caused
        return out


@dataclass(frozen=True, slots=True)
class Point:
    """Where a likelihood is asked: natural values (draws, d), what multiplies the rows' columns, and gradients by both
    that the parts add to (None: not wanted)."""

    values: Floats
    coefficients: Floats
    gradient: Floats | None = None
    by_coefficient: Floats | None = None

    @classmethod
    def of(cls, values: Floats, layout: Layout, *, want_gradient: bool) -> Point:
        """A point with gradients of zero, or none."""
        plain = layout.coefficients(values)
        if not want_gradient:
            return cls(values, plain)
        return cls(values, plain, np.zeros_like(values), np.zeros_like(plain))


@dataclass(frozen=True, slots=True)
class _Kind:
    """Items of one kind inside a block: a slice over (run, draw) pairs, and over runs."""

    kind: ReportKind
    items: slice


class Block:
    """Runs with the same number m of body-state draws; the likelihood of a run is the mean over its draws.

    Items are (run, draw) pairs, runs ordered by kind. ``twitch``: runs asked about twitches, which need H' as well.
    """

    def __init__(
        self, runs: Sequence[CompressedRun], layout: Layout, first_y: float, *, twitch: bool, dtype: type = np.float32
    ) -> None:
        runs = sorted(runs, key=lambda r: _ORDER.index(r.kind))
        years = layout.features.drift_years
        self.draws = runs[0].draws
        self.twitch = twitch
        self.copies = np.array([float(r.copies) for r in runs])[:, None]
        self.asked = np.array([r.asked for r in runs])
        self.kinds: list[_Kind] = []
        for kind in _ORDER:
            at = [i for i, r in enumerate(runs) if r.kind is kind]
            if at:
                self.kinds.append(_Kind(kind, slice(at[0] * self.draws, (at[-1] + 1) * self.draws)))
        columns = _Columns(layout)
        rows: list[Floats] = []
        lengths: list[int] = []
        before: list[int] = []
        within: list[int] = []

        def add(exposure: Exposure, steps: Floats, hard: bool) -> int:
            if exposure.log_weight.size == 0:
                return -1
            rows.append(columns.of(exposure.x, exposure.caused, exposure.log_weight, steps, hard))
            lengths.append(len(exposure.x))
            return len(lengths) - 1

        caused, background = [], []
        for r in runs:
            steps = level_steps(r.time_y, first_y, years)
            for draw in range(self.draws):
                before.append(add(r.before[draw], steps, r.hard))
                within.append(add(r.within[draw], steps, r.hard) if r.within else -1)
            if r.kind is ReportKind.EXACT:
                caused.append(columns.of(r.event_x, np.ones(self.draws), r.event_log_h0, steps, r.hard))
                background.append(columns.of(r.event_x, np.zeros(self.draws), np.zeros(self.draws), steps, r.hard))
        width = layout.columns + 1
        table = np.concatenate(rows) if rows else np.zeros((0, width))
        self.rows: NDArray[np.floating[Any]] = np.ascontiguousarray(table, dtype=dtype)
        self.rows_t = np.ascontiguousarray(self.rows[:, :-1].T)
        self.sums = SegmentSum(np.array(lengths, dtype=np.intp), dtype)
        self.before, self.within = np.array(before), np.array(within)
        self.has_before, self.has_within = self.before >= 0, self.within >= 0
        self.events = np.stack([np.concatenate(e) if e else np.zeros((0, width)) for e in (caused, background)])

    def evaluate(self, at: Point, layout: Layout) -> Floats:
        """Log-likelihood (draws,); adds to the gradients of the point where it has them."""
        values, plain, gradient = at.values, at.coefficients, at.gradient
        theta = values[:, layout.index["frailty"]]
        coefficients = np.column_stack([plain, np.ones(len(values))])
        rates = np.exp(self.rows @ coefficients.T.astype(self.rows.dtype))
        sums = self.sums(rates)
        h_a, h_b = sums[self.before], sums[self.within]
        twitch_rates = excess = twitch_sums = None
        if self.twitch:
            shared = values[:, layout.index["twitch_shared"]]
            excess = values[:, layout.index["twitch_excess"]]
            scaled = coefficients.copy()
            scaled[:, layout.scaled_columns] *= shared[:, None]
            twitch_rates = np.exp(self.rows @ scaled.T.astype(self.rows.dtype))
            twitch_sums = self.sums(twitch_rates)[self.before]
            h_b = excess * twitch_sums
        terms = _Terms.zeros(h_a.shape)
        parts = self.events @ coefficients.T  # (causes and background, events, draws)
        log_rate = np.logaddexp(parts[0], parts[1])
        reports = self._report_probabilities(values, layout)
        for group in self.kinds:
            _add_terms(terms, group, h_a, h_b, theta, log_rate, reports, twitch=self.twitch)
        log_likelihood, share = self._average(terms.value)
        if gradient is None or at.by_coefficient is None:
            return log_likelihood
        weight = (
            np.repeat(self.copies, self.draws, axis=0)
            if share is None
            else share * np.repeat(self.copies, self.draws, axis=0)
        )
        d_a, d_b = terms.d_before * weight, terms.d_within * weight
        gradient[:, layout.index["frailty"]] += (terms.d_theta * weight).sum(axis=0)
        pull = self._through_rows(rates, d_a, None if self.twitch else d_b)
        if self.events.size:
            of_event = weight[self.kinds[0].items]
            for events, part in zip(self.events, parts, strict=True):
                pull += events[:, :-1].T @ (of_event * np.exp(part - log_rate))
        np.add(at.by_coefficient, pull.T, out=at.by_coefficient)
        if self.twitch:
            pull = self._through_rows(twitch_rates, d_b * excess, None).T
            own = pull[:, layout.scaled_columns].copy()
            pull[:, layout.scaled_columns] *= shared[:, None]
            np.add(at.by_coefficient, pull, out=at.by_coefficient)
            gradient[:, layout.index["twitch_shared"]] += (own * plain[:, layout.scaled_columns]).sum(axis=1)
            gradient[:, layout.index["twitch_excess"]] += (d_b * twitch_sums).sum(axis=0)
        if reports is not None:
            self._add_report_gradient(gradient, layout, terms, weight)
        return log_likelihood

    def _average(self, value: Floats) -> tuple[Floats, Floats | None]:
        """Sum over runs of the log mean likelihood over draws, and each draw's share of its run (None if m = 1)."""
        if self.draws == 1:
            return (value * self.copies).sum(axis=0), None
        each = value.reshape(-1, self.draws, value.shape[1])
        top = each.max(axis=1, keepdims=True)
        top = np.where(np.isfinite(top), top, 0.0)
        likelihood = np.exp(each - top)
        total = likelihood.sum(axis=1, keepdims=True)
        log_mean = np.log(total[:, 0] / self.draws) + top[:, 0]
        return (log_mean * self.copies).sum(axis=0), (likelihood / total).reshape(value.shape)

    def _through_rows(self, rates: Singles | None, d_before: Floats, d_within: Floats | None) -> Floats:
        """Gradient by coefficients, (columns, draws), from that by the sums of segments. Overwrites ``rates``."""
        assert rates is not None
        by_segment = np.zeros((self.sums.lengths.size, d_before.shape[1]), dtype=self.rows.dtype)
        by_segment[self.before[self.has_before]] = d_before[self.has_before]
        if d_within is not None and self.has_within.any():
            by_segment[self.within[self.has_within]] = d_within[self.has_within]
        rates *= np.repeat(by_segment, self.sums.lengths, axis=0)
        return (self.rows_t @ rates).astype(np.float64)

    def _report_probabilities(self, values: Floats, layout: Layout) -> tuple[Floats, Floats] | None:
        """(r1, r0) of the silent runs' items, each (items, draws)."""
        silent = [g for g in self.kinds if g.kind is ReportKind.NO_REPORT]
        if not silent:
            return None
        items = silent[0].items
        asked = np.repeat(self.asked, self.draws)[items]
        states = ["asked" if a else "unasked" for a in asked]
        r1 = values[:, [layout.index[f"report_given_cramp_{s}"] for s in states]].T
        r0 = values[:, [layout.index[f"report_given_none_{s}"] for s in states]].T
        return r1, r0

    def _add_report_gradient(self, gradient: Floats, layout: Layout, terms: _Terms, weight: Floats) -> None:
        items = next(g.items for g in self.kinds if g.kind is ReportKind.NO_REPORT)
        asked = np.repeat(self.asked, self.draws)[items]
        for state, rows in (("asked", asked), ("unasked", ~asked)):
            if rows.any():
                share = weight[items][rows]
                gradient[:, layout.index[f"report_given_cramp_{state}"]] += (terms.d_report[0][rows] * share).sum(
                    axis=0
                )
                gradient[:, layout.index[f"report_given_none_{state}"]] += (terms.d_report[1][rows] * share).sum(axis=0)


@dataclass(slots=True)
class _Terms:
    """Log-likelihood of each item and its derivatives by the hazards before and within, and by theta."""

    value: Floats
    d_before: Floats
    d_within: Floats
    d_theta: Floats
    d_report: tuple[Floats, Floats]

    @classmethod
    def zeros(cls, shape: tuple[int, ...]) -> _Terms:
        none = np.zeros((0, shape[1]))
        return cls(np.empty(shape), np.empty(shape), np.zeros(shape), np.empty(shape), (none, none))


def _log_survival(h: Floats, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """-log S(H), its derivative by H, and by theta."""
    log_term = np.log1p(theta * h)
    slope = 1 / (1 + theta * h)
    return log_term / theta, slope, -log_term / theta**2 + h * slope / theta


def _add_terms(
    terms: _Terms,
    group: _Kind,
    h_before: Floats,
    h_within: Floats,
    theta: Floats,
    log_rate: Floats,
    reports: tuple[Floats, Floats] | None,
    *,
    twitch: bool,
) -> None:
    at = group.items
    a = h_before[at]
    if group.kind is ReportKind.NONE and twitch:
        loss, slope, by_theta = _log_survival(a + h_within[at], theta)
        terms.value[at], terms.d_before[at], terms.d_within[at], terms.d_theta[at] = -loss, -slope, -slope, -by_theta
        return
    loss, slope, by_theta = _log_survival(a, theta)
    if group.kind is ReportKind.NONE:
        terms.value[at], terms.d_before[at], terms.d_theta[at] = -loss, -slope, -by_theta
    elif group.kind is ReportKind.EXACT:
        terms.value[at] = log_rate - (1 + theta) * loss
        terms.d_before[at] = -(1 + theta) * slope
        terms.d_theta[at] = -loss - (1 + theta) * by_theta
    elif group.kind is ReportKind.NO_REPORT:
        assert reports is not None
        r1, r0 = reports
        survival = np.exp(-loss)
        silence = (1 - r1) + (r1 - r0) * survival
        factor = (r1 - r0) * survival / silence
        terms.value[at] = np.log(silence)
        terms.d_before[at] = -factor * slope
        terms.d_theta[at] = -factor * by_theta
        terms.d_report = ((survival - 1) / silence, -survival / silence)
    else:  # somewhere in the interval; a twitch without a cramp has the same form
        loss_end, slope_end, by_theta_end = _log_survival(a + h_within[at], theta)
        gap = loss_end - loss  # S(a) - S(b) = S(a) (1 - exp(-gap)): no cancellation
        factor = 1 / np.expm1(gap)
        terms.value[at] = -loss + np.log(-np.expm1(-gap))
        terms.d_before[at] = -slope + factor * (slope_end - slope)
        terms.d_within[at] = factor * slope_end
        terms.d_theta[at] = -by_theta + factor * (by_theta_end - by_theta)


class Reports:
    """How many runs were reported with a cramp and without, where silence is modelled."""

    def __init__(self, runs: Sequence[CompressedRun], layout: Layout) -> None:
        self.counts: dict[str, int] = {}
        for state in ("asked", "unasked"):
            if getattr(layout.features, f"report_{state}"):
                told = [r for r in runs if r.kind is not ReportKind.NO_REPORT and r.asked == (state == "asked")]
                self.counts[f"report_given_cramp_{state}"] = sum(r.copies for r in told if r.cramped)
                self.counts[f"report_given_none_{state}"] = sum(r.copies for r in told if not r.cramped)

    def evaluate(self, point: Point, layout: Layout) -> Floats:
        """Log-likelihood (draws,); adds to the gradient."""
        values, gradient = point.values, point.gradient
        total = np.zeros(len(values))
        for name, count in self.counts.items():
            at = layout.index[name]
            total += count * np.log(values[:, at])
            if gradient is not None:
                gradient[:, at] += count / values[:, at]
        return total


class Likelihood:
    """The log of one runner, or some of its runs; ``first_y`` is the time of the first run of the whole log.

    Rows are kept in single precision (``dtype``), which is worth a factor of two and costs a few 1e-6 of a run's
    likelihood.
    """

    def __init__(
        self,
        runs: Sequence[CompressedRun],
        layout: Layout,
        first_y: float,
        dtype: type = np.float32,
    ) -> None:
        self.layout = layout
        kinds: dict[tuple[int, bool], list[CompressedRun]] = {}
        for r in runs:
            twitch = layout.features.twitch and r.asked and r.kind in (ReportKind.NONE, ReportKind.TWITCH)
            kinds.setdefault((r.draws, twitch), []).append(r)
        self.parts: list[Block | Reports] = [
            Block(members, layout, first_y, twitch=twitch, dtype=dtype)
            for (_, twitch), members in sorted(kinds.items())
        ]
        if layout.features.report_asked or layout.features.report_unasked:
            self.parts.append(Reports(runs, layout))

    @property
    def rows(self) -> int:
        """Rows that each evaluation passes through."""
        return sum(len(p.rows) for p in self.parts if isinstance(p, Block))

    def value(self, z: Floats) -> Floats:
        """Log-likelihood of coordinates z (draws, d): shape (draws,), -inf where it is not finite."""
        out = np.empty(len(z))
        for chunk in _chunks(len(z), self.rows):
            out[chunk] = self.value_of(self.layout.natural(z[chunk]))
        return out

    def value_of(self, values: Floats) -> Floats:
        """Log-likelihood at natural values (draws, d), all at once."""
        return self.at(Point.of(values, self.layout, want_gradient=False))

    def value_and_gradient(self, z: Floats) -> tuple[Floats, Floats]:
        """Log-likelihood (draws,) and its gradient by the coordinates (draws, d)."""
        (value,), gradient = together(z, [(self, 1.0)])
        return value, gradient

    def at(self, point: Point) -> Floats:
        """Log-likelihood (draws,), -inf where it is not finite; adds to the gradients of the point."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            total = np.zeros(len(point.values))
            for part in self.parts:
                total += part.evaluate(point, self.layout)
        return np.where(np.isfinite(total), total, -np.inf)


def together(z: Floats, terms: Sequence[tuple[Likelihood, float]]) -> tuple[list[Floats], Floats]:
    """Log-likelihoods, each (draws,), and the gradient of their weighted sum by the coordinates z, (draws, d).

    All of one layout: what hangs on the coordinates alone is worked out once.
    """
    layout = terms[0][0].layout
    found = [np.empty(len(z)) for _ in terms]
    gradient = np.empty_like(z)
    for chunk in _chunks(len(z), sum(likelihood.rows for likelihood, _ in terms)):
        values = layout.natural(z[chunk])
        whole = Point.of(values, layout, want_gradient=True)
        assert whole.gradient is not None
        assert whole.by_coefficient is not None
        for (likelihood, weight), value in zip(terms, found, strict=True):
            by_value, by_coefficient = np.zeros_like(values), np.zeros_like(whole.coefficients)
            value[chunk] = likelihood.at(Point(values, whole.coefficients, by_value, by_coefficient))
            with np.errstate(over="ignore", invalid="ignore"):
                whole.gradient[...] += weight * by_value
                whole.by_coefficient[...] += weight * by_coefficient
        with np.errstate(over="ignore", invalid="ignore"):
            layout.pull(values, whole.by_coefficient, whole.gradient)
            slope = whole.gradient * layout.slope(values)
        bad = ~np.isfinite(slope).all(axis=1) | ~np.isfinite([value[chunk] for value in found]).all(axis=0)
        slope[bad] = 0.0
        gradient[chunk] = slope
    return found, gradient


def _chunks(draws: int, rows: int) -> Iterator[slice]:
    """Draws that are evaluated together: as many as keep their rows in the processor's cache."""
    size = CHUNK if rows > FEW_ROWS else 2 * CHUNK
    return (slice(start, start + size) for start in range(0, draws, size))
