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

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from charley.inference.compress import CompressedRun, Exposure, level_steps
from charley.inference.design import ReportKind
from charley.inference.prior import Layout
from charley.inference.report_terms import Numbers, Terms, report_terms
from charley.vocabulary.arrays import Bools, Floats, Index

CHUNK = 1000  # draws evaluated together ...
BLOCK_ROWS = 500  # ... with so many rows (one run may have more): both stay in the processor's cache
_SUMMED_ROWS = 96  # rows summed by one product with ones and zeros
_ORDER = (ReportKind.EXACT, ReportKind.INTERVAL, ReportKind.TWITCH, ReportKind.NONE, ReportKind.NO_REPORT)


class Scratch:
    """Memory that is used again: fetching it anew for each evaluation would take longer than the evaluation."""

    def __init__(self, dtype: type) -> None:
        self.dtype = dtype
        self._kept: dict[str, Numbers] = {}

    def __call__(self, name: str, rows: int, columns: int) -> Numbers:
        """An array (rows, columns) of anything; what was under this name before is lost."""
        size = rows * columns
        if name not in self._kept or self._kept[name].size < size:
            self._kept[name] = np.empty(size, dtype=self.dtype)
        return self._kept[name][:size].reshape(rows, columns)


class SegmentSum:
    """Sums of consecutive rows of a (rows, draws) matrix, by small products with ones: faster than reduceat."""

    def __init__(self, lengths: Index, dtype: type = np.float32) -> None:
        self.owner = np.repeat(np.arange(lengths.size), lengths)  # the segment of each row
        ends = np.cumsum(lengths)
        self.blocks: list[tuple[slice, slice, Numbers]] = []
        first = 0
        while first < lengths.size:
            start = ends[first] - lengths[first]
            last = max(first + 1, int(np.searchsorted(ends, start + _SUMMED_ROWS, side="right")))
            owner = np.repeat(np.arange(last - first), lengths[first:last])
            ones = (np.arange(last - first)[:, None] == owner).astype(dtype)
            self.blocks.append((slice(first, last), slice(start, ends[last - 1]), ones))
            first = last

    def __call__(self, rows: Numbers, out: Numbers) -> Numbers:
        """Into ``out`` (segments, draws)."""
        for segments, span, ones in self.blocks:
            np.matmul(ones, rows[span], out=out[segments])
        return out


class _Columns:
    """Rows as the likelihood takes them: the layout's columns and the log weight."""

    def __init__(self, layout: Layout) -> None:
        ramps = len(layout.table) + np.arange(layout.table.triggers.columns)
        self.chosen = np.concatenate([layout.active, ramps]).astype(np.intp)
        self.factors = layout.active.size

    def of(self, x: Floats, caused: Floats, log_weight: Floats, steps: Floats, hard: Bools) -> Floats:
        """Rows (n, columns + 1); the background has no factors and no level. ``steps`` (n, years), ``hard`` (n,)."""
        out = np.empty((len(x), self.chosen.size + steps.shape[1] + 4))
        out[:, : self.chosen.size] = x[:, self.chosen]
        out[:, : self.factors] *= caused[:, None]
        out[:, self.chosen.size : self.chosen.size + steps.shape[1]] = caused[:, None] * steps
        out[:, -4], out[:, -3], out[:, -1] = caused, 1 - caused, log_weight
        out[:, -2] = np.where(hard, 0.0, 1 - caused)
        return out


@dataclass(frozen=True, slots=True)
class Point:
    """Where a likelihood is asked: natural values (draws, d), what multiplies the rows' columns, and gradients by both
    that the parts add to (None: not wanted), ``weight`` times."""

    values: Floats
    coefficients: Floats
    gradient: Floats | None = None
    by_coefficient: Floats | None = None
    weight: float = 1.0

    @classmethod
    def of(cls, values: Floats, layout: Layout, *, want_gradient: bool) -> Point:
        """A point with gradients of zero, or none."""
        plain = layout.coefficients(values)
        if not want_gradient:
            return cls(values, plain)
        return cls(values, plain, np.zeros_like(values), np.zeros_like(plain))


@dataclass(frozen=True, slots=True)
class _Kind:
    """Items of one kind inside a block: a slice over (run, draw) pairs, all asked or none."""

    kind: ReportKind
    asked: bool
    items: slice


@dataclass(frozen=True, slots=True)
class _Felt:
    """Hazard of twitches: of each row and summed over segments, each (.., draws), and their excess over cramps."""

    rates: Numbers
    sums: Numbers
    excess: Numbers


@dataclass(frozen=True, slots=True)
class _Event:
    """Hazard at exact times: rows of causes and background (2, events, columns + 1), logs of the rates of both and of
    their sum, (events, draws)."""

    rows: Floats
    parts: Floats
    log_rate: Numbers

    @classmethod
    def of(cls, rows: Floats, coefficients: Floats, dtype: type) -> _Event:
        """At these coefficients."""
        parts = rows @ coefficients.T
        return cls(rows, parts, np.logaddexp(parts[0], parts[1]).astype(dtype))

    def add(self, by_coefficient: Floats, weight: Numbers) -> None:
        """Add the gradient by coefficients, (draws, columns)."""
        for rows, part in zip(self.rows, self.parts, strict=True):
            by_coefficient += (weight * np.exp(part - self.log_rate)).T @ rows[:, :-1]


class Block:
    """Runs with the same number m of body-state draws; the likelihood of a run is the mean over its draws.

    Items are (run, draw) pairs, runs ordered by kind. ``twitch``: runs asked about twitches, which need H' as well.
    Segments of rows: up to the report's time for each item, then within it for each item of an interval.
    """

    def __init__(
        self, runs: Sequence[CompressedRun], layout: Layout, first_y: float, *, twitch: bool, dtype: type = np.float32
    ) -> None:
        runs = sorted(runs, key=_place)
        years = layout.features.drift_years
        self.layout, self.twitch, self.dtype = layout, twitch, dtype
        self.draws = runs[0].draws
        self.copies: Numbers = np.array([float(r.copies) for r in runs], dtype=dtype)[:, None]
        self.kinds: list[_Kind] = []
        for kind, alike in groupby(range(len(runs)), key=lambda i: _place(runs[i])):
            at = list(alike)
            items = slice(at[0] * self.draws, (at[-1] + 1) * self.draws)
            self.kinds.append(_Kind(_ORDER[kind[0]], kind[1], items))
        columns = _Columns(layout)
        steps = np.array([level_steps(r.time_y, first_y, years) for r in runs]).reshape(len(runs), years)
        hard = np.array([r.hard for r in runs])
        exposures = [(i, e) for i, r in enumerate(runs) for e in r.before]
        exposures += [(i, e) for i, r in enumerate(runs) for e in r.within]
        lengths = np.array([len(e.log_weight) for _, e in exposures], dtype=np.intp)
        owner = np.repeat([i for i, _ in exposures], lengths)
        whole = Exposure.joined([e for _, e in exposures])
        table = columns.of(whole.x, whole.caused, whole.log_weight, steps[owner], hard[owner])
        self.items = len(runs) * self.draws
        self.segments = len(exposures)
        self.rows: Numbers = np.ascontiguousarray(table, dtype=dtype)
        self.rows_t = np.ascontiguousarray(self.rows[:, :-1].T)
        self.sums = SegmentSum(lengths, dtype)
        self.events: Floats | None = None  # causes and background: (2, events, columns + 1)
        exact = [i for i, r in enumerate(runs) if r.kind is ReportKind.EXACT]
        if exact:
            owner = np.repeat(exact, self.draws)
            x = np.concatenate([runs[i].event_x for i in exact])
            log_h0 = np.concatenate([runs[i].event_log_h0 for i in exact])
            every, none = np.ones(len(x)), np.zeros(len(x))
            of_causes = columns.of(x, every, log_h0, steps[owner], hard[owner])
            self.events = np.stack([of_causes, columns.of(x, none, none, steps[owner], hard[owner])])

    def evaluate(self, at: Point, scratch: Scratch) -> Floats:
        """Log-likelihood (draws,); adds to the gradients of the point where it has them."""
        values, draws = at.values, len(at.values)
        coefficients = np.column_stack([at.coefficients, np.ones(draws)])
        rates = self._rates(coefficients, scratch, "rates")
        sums = self.sums(rates, scratch("sums", self.segments, draws))
        felt = self._felt(at, coefficients, scratch) if self.twitch else None
        within = sums[self.items :] if felt is None else felt.excess * felt.sums
        event = None if self.events is None else _Event.of(self.events, coefficients, self.dtype)
        theta: Numbers = values[:, self.layout.index["frailty"]].astype(self.dtype)
        value, found = scratch("value", self.items, draws), []
        for group in self.kinds:
            terms = report_terms(
                group.kind,
                sums[group.items],
                self._of_within(within, group),
                theta,
                None if event is None else event.log_rate,
                self._chances(group, values),
                want_gradient=at.gradient is not None,
            )
            value[group.items] = terms.value
            found.append(terms)
        log_likelihood, share = self._average(value)
        if at.gradient is not None and at.by_coefficient is not None:
            weight = np.repeat(self.copies * self.dtype(at.weight), self.draws, axis=0)
            if share is not None:
                weight = np.multiply(share, weight, out=share)
            by_segment = scratch("by segment", self.segments, draws)
            by_within = by_segment[self.items :] if felt is None else scratch("by felt", self.segments, draws)
            for group, terms in zip(self.kinds, found, strict=True):
                self._add_to_gradient(at.gradient, group, terms, weight, by_segment, by_within)
            if event is not None:
                event.add(at.by_coefficient, weight[self.kinds[0].items])
            np.add(at.by_coefficient, self._through_rows(rates, by_segment, scratch), out=at.by_coefficient)
            if felt is not None:
                self._add_twitch_gradient(at, felt, by_within, scratch)
        return log_likelihood

    def _of_within(self, within: Numbers, group: _Kind) -> Numbers | None:
        if self.twitch:
            return within[group.items]
        return within if group.kind is ReportKind.INTERVAL else None

    def _add_to_gradient(
        self, gradient: Floats, group: _Kind, terms: Terms, weight: Numbers, by_segment: Numbers, by_within: Numbers
    ) -> None:
        """What one kind of report adds, by natural values, and by the sums of its segments."""
        assert terms.d_before is not None
        assert terms.d_theta is not None
        share, index = weight[group.items], self.layout.index
        np.multiply(terms.d_before, share, out=by_segment[group.items])
        gradient[:, index["frailty"]] += (terms.d_theta * share).sum(axis=0)
        if terms.d_within is not None:
            np.multiply(terms.d_within, share, out=by_within[group.items] if self.twitch else by_within)
        if terms.d_report is not None:
            for name, slope in zip(_chance_names(group), terms.d_report, strict=True):
                gradient[:, index[name]] += (slope * share).sum(axis=0)

    def _felt(self, at: Point, coefficients: Floats, scratch: Scratch) -> _Felt:
        """Twitches: the shared part of the sensitivities, and how many more there are than cramps."""
        columns, index = self.layout.scaled_columns, self.layout.index
        scaled = coefficients.copy()
        scaled[:, columns] *= at.values[:, index["twitch_shared"], None]
        rates = self._rates(scaled, scratch, "felt")
        sums = self.sums(rates, scratch("felt sums", self.segments, len(scaled)))
        return _Felt(rates, sums, at.values[:, index["twitch_excess"]].astype(self.dtype))

    def _rates(self, coefficients: Floats, scratch: Scratch, name: str) -> Numbers:
        """Hazard of each row, times its weight, (rows, draws)."""
        rates = scratch(name, len(self.rows), len(coefficients))
        np.matmul(self.rows, coefficients.T.astype(self.dtype), out=rates)
        return np.exp(rates, out=rates)

    def _through_rows(self, rates: Numbers, by_segment: Numbers, scratch: Scratch) -> Numbers:
        """Gradient by coefficients, (draws, columns), from that by the sums of segments. Overwrites ``rates``."""
        by_row = scratch("by row", *rates.shape)
        np.take(by_segment, self.sums.owner, axis=0, out=by_row, mode="clip")
        rates *= by_row
        return (self.rows_t @ rates).T

    def _add_twitch_gradient(self, at: Point, felt: _Felt, by_hazard: Numbers, scratch: Scratch) -> None:
        columns, index = self.layout.scaled_columns, self.layout.index
        assert at.gradient is not None
        assert at.by_coefficient is not None
        at.gradient[:, index["twitch_excess"]] += (by_hazard * felt.sums).sum(axis=0)
        by_hazard *= felt.excess
        pull = self._through_rows(felt.rates, by_hazard, scratch).astype(np.float64)
        at.gradient[:, index["twitch_shared"]] += (pull[:, columns] * at.coefficients[:, columns]).sum(axis=1)
        pull[:, columns] *= at.values[:, index["twitch_shared"], None]
        np.add(at.by_coefficient, pull, out=at.by_coefficient)

    def _average(self, value: Numbers) -> tuple[Floats, Numbers | None]:
        """Sum over runs of the log mean likelihood over draws, and each draw's share of its run (None if m = 1)."""
        if self.draws == 1:
            return (value * self.copies).sum(axis=0, dtype=np.float64), None
        each = value.reshape(-1, self.draws, value.shape[1])
        top = each.max(axis=1, keepdims=True)
        top[~np.isfinite(top)] = 0.0
        likelihood = np.exp(each - top)
        total = likelihood.sum(axis=1, keepdims=True)
        log_mean = np.log(total[:, 0] / self.draws) + top[:, 0]
        log_likelihood = (log_mean * self.copies).sum(axis=0, dtype=np.float64)
        likelihood /= total
        return log_likelihood, likelihood.reshape(value.shape)

    def _chances(self, group: _Kind, values: Floats) -> tuple[Numbers, Numbers] | None:
        """Of a report with and without a cramp, each (draws,), for runs in silence."""
        if group.kind is not ReportKind.NO_REPORT:
            return None
        with_cramp, without = (self.layout.index[name] for name in _chance_names(group))
        return values[:, with_cramp].astype(self.dtype), values[:, without].astype(self.dtype)


def _place(run: CompressedRun) -> tuple[int, bool]:
    """Where a run stands in its block: by kind, and silent ones by whether they were asked about."""
    return _ORDER.index(run.kind), run.kind is ReportKind.NO_REPORT and run.asked


def _chance_names(group: _Kind) -> tuple[str, str]:
    state = "asked" if group.asked else "unasked"
    return f"report_given_cramp_{state}", f"report_given_none_{state}"


class Reports:
    """How many runs were reported with a cramp and without, where silence is modelled."""

    def __init__(self, runs: Sequence[CompressedRun], layout: Layout) -> None:
        self.layout = layout
        self.counts: dict[str, int] = {}
        for state in ("asked", "unasked"):
            if getattr(layout.features, f"report_{state}"):
                told = [r for r in runs if r.kind is not ReportKind.NO_REPORT and r.asked == (state == "asked")]
                self.counts[f"report_given_cramp_{state}"] = sum(r.copies for r in told if r.cramped)
                self.counts[f"report_given_none_{state}"] = sum(r.copies for r in told if not r.cramped)

    def evaluate(self, point: Point, scratch: Scratch) -> Floats:
        """Log-likelihood (draws,); adds to the gradient."""
        values, gradient, layout = point.values, point.gradient, self.layout
        total = np.zeros(len(values))
        for name, count in self.counts.items():
            at = layout.index[name]
            total += count * np.log(values[:, at])
            if gradient is not None:
                gradient[:, at] += point.weight * count / values[:, at]
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
        self.scratch = Scratch(dtype)
        kinds: dict[tuple[int, bool], list[CompressedRun]] = {}
        for r in runs:
            twitch = layout.features.twitch and r.asked and r.kind in (ReportKind.NONE, ReportKind.TWITCH)
            kinds.setdefault((r.draws, twitch), []).append(r)
        self.parts: list[Block | Reports] = [
            Block(members, layout, first_y, twitch=twitch, dtype=dtype)
            for (_, twitch), alike in sorted(kinds.items())
            for members in _in_blocks(alike)
        ]
        if layout.features.report_asked or layout.features.report_unasked:
            self.parts.append(Reports(runs, layout))

    @property
    def rows(self) -> int:
        """Rows that each evaluation passes through."""
        return sum(len(p.rows) for p in self.parts if isinstance(p, Block))

    def value(self, z: Floats) -> Floats:
        """Log-likelihood of coordinates z (draws, d): shape (draws,), -inf where it is not finite."""
        return self.value_of(self.layout.natural(z))

    def value_of(self, values: Floats) -> Floats:
        """Log-likelihood at natural values (draws, d)."""
        out = np.empty(len(values))
        for chunk in _chunks(len(values)):
            out[chunk] = self.at(Point.of(values[chunk], self.layout, want_gradient=False))
        return out

    def value_and_gradient(self, z: Floats) -> tuple[Floats, Floats]:
        """Log-likelihood (draws,) and its gradient by the coordinates (draws, d)."""
        (value,), gradient = together(z, [(self, 1.0)])
        return value, gradient

    def at(self, point: Point) -> Floats:
        """Log-likelihood (draws,), -inf where it is not finite; adds to the gradients of the point."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            total = np.zeros(len(point.values))
            for part in self.parts:
                total += part.evaluate(point, self.scratch)
        return np.where(np.isfinite(total), total, -np.inf)


def together(z: Floats, terms: Sequence[tuple[Likelihood, float]]) -> tuple[list[Floats], Floats]:
    """Log-likelihoods, each (draws,), and the gradient of their weighted sum by the coordinates z, (draws, d).

    All of one layout: what hangs on the coordinates alone is worked out once.
    """
    layout = terms[0][0].layout
    found = [np.empty(len(z)) for _ in terms]
    gradient = np.empty_like(z)
    for chunk in _chunks(len(z)):
        values = layout.natural(z[chunk])
        whole = Point.of(values, layout, want_gradient=True)
        assert whole.gradient is not None
        assert whole.by_coefficient is not None
        for (likelihood, weight), value in zip(terms, found, strict=True):
            value[chunk] = likelihood.at(replace(whole, weight=weight))
        with np.errstate(over="ignore", invalid="ignore"):
            layout.pull(values, whole.by_coefficient, whole.gradient)
            slope = np.multiply(whole.gradient, layout.slope(values), out=gradient[chunk])
        bad = ~np.isfinite(slope).all(axis=1) | ~np.isfinite([value[chunk] for value in found]).all(axis=0)
        slope[bad] = 0.0
    return found, gradient


def _chunks(draws: int) -> list[slice]:
    """Draws that are evaluated together."""
    return [slice(start, start + CHUNK) for start in range(0, draws, CHUNK)]


def _in_blocks(runs: Sequence[CompressedRun]) -> list[list[CompressedRun]]:
    """Runs that are evaluated together, by kind: as many as keep their rows in the processor's cache."""
    blocks: list[list[CompressedRun]] = []
    rows = 0
    for run in sorted(runs, key=_place):
        more = sum(len(e.x) for e in (*run.before, *run.within))
        if not blocks or rows + more > BLOCK_ROWS:
            blocks.append([])
            rows = 0
        blocks[-1].append(run)
        rows += more
    return blocks
