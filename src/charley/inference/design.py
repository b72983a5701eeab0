"""What the learning engine is given: a table of factors, one array a run, and what the runner reported.

Only arrays: the engine knows no physiology. Every factor x is 0 in a reference run, every stressor m stands on a scale
of its own, and

    hazard(t) = [ background + h0(t) exp(level + sum_k sensitivity_k x_k(t)) ] trigger(t)          [1/h]
    trigger(t) = exp(sum_j trigger_j ramp((m_j(t) - knee_j) / width_j)),      ramp: logistic
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from charley.vocabulary.arrays import Bools, Floats

POSITIVE = "positive"  # the sign is certain: log-normal prior
SIGNED = "signed"  # the prior straddles zero: normal prior
AFTER_WINDOWS = ("first_hour", "one_to_six_hours", "night")
NIGHT = AFTER_WINDOWS.index("night")


KNEES_SD = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])  # where ramps stand, in SDs of the knee; between two they are mixed
RAMP_WIDTH_SD = 0.4  # of a ramp's logistic, in SDs of the knee: narrow, as a knee is


@dataclass(frozen=True, slots=True)
class TriggerTable:
    """The T stressors that may be a person's own trigger, and where their knees are expected.

    A trigger multiplies the whole hazard, the background too, by up to exp(trigger) once its stressor passes the knee.
    """

    keys: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()  # the factor that each is shown with
    knee_mean: Floats = field(default_factory=lambda: np.zeros(0))
    knee_sd: Floats = field(default_factory=lambda: np.ones(0))

    def __post_init__(self) -> None:
        lengths = {len(self.families), len(self.factors), self.knee_mean.shape[0], self.knee_sd.shape[0]}
        if lengths != {len(self.keys)} or not (self.knee_sd > 0).all():
            raise ValueError(f"{len(self.keys)} triggers, columns of length {sorted(lengths)}; each SD above zero")

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def columns(self) -> int:
        """Number of ramps."""
        return len(self) * KNEES_SD.size

    def ramps(self, met: Floats) -> Floats:
        """Each stressor (..., T) on each of its ramps, 0 below the knee and 1 beyond: (..., T x knees)."""
        place = (met - self.knee_mean) / self.knee_sd
        x = (place[..., None] - KNEES_SD) / RAMP_WIDTH_SD
        return np.asarray(1 / (1 + np.exp(-np.clip(x, -40.0, 40.0)))).reshape(*met.shape[:-1], self.columns)


@dataclass(frozen=True, slots=True)
class FactorTable:
    """The K factors of a hazard and the sourced priors of their sensitivities (log hazard per unit of the factor).

    ``prior_mean`` and ``prior_sd`` are the mean and the SD of the sensitivity itself, for both kinds of sign: a
    "positive" sensitivity gets the log-normal with these moments. An excluded factor keeps sensitivity 0 and is only
    listed. Factors of one family are answered for together, first.
    """

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    families: tuple[str, ...]
    prior_mean: Floats
    prior_sd: Floats
    signs: tuple[str, ...]
    excluded: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    triggers: TriggerTable = field(default_factory=TriggerTable)

    def __post_init__(self) -> None:
        n = len(self.keys)
        if self.excluded.size == 0:
            object.__setattr__(self, "excluded", np.zeros(n, dtype=bool))
        if len(set(self.keys)) != n:
            raise ValueError("a factor key stands twice")
        lengths = {len(self.labels), len(self.families), len(self.signs), *(a.shape[0] for a in self._arrays())}
        if lengths != {n}:
            raise ValueError(f"{n} keys, but columns of length {sorted(lengths)}")
        if not set(self.signs) <= {POSITIVE, SIGNED}:
            raise ValueError(f"unknown sign among {sorted(set(self.signs))}")
        if not (np.isfinite(self.prior_mean).all() and (self.prior_sd > 0).all()):
            raise ValueError("each factor needs a finite prior mean and a prior SD above zero")
        if (self.prior_mean[self.positive] <= 0).any():
            raise ValueError("a factor whose sign is certain needs a prior mean above zero")

    def _arrays(self) -> tuple[NDArray[np.generic], ...]:
        return self.prior_mean, self.prior_sd, self.excluded

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def positive(self) -> Bools:
        """True where the sensitivity cannot be below zero, shape (K,)."""
        return np.array([s == POSITIVE for s in self.signs])

    @property
    def scale(self) -> Floats:
        """Root mean square of each sensitivity under its prior: how much a unit of a factor matters; 0 if excluded."""
        return np.where(self.excluded, 0.0, np.hypot(self.prior_mean, self.prior_sd))

    @property
    def family_names(self) -> tuple[str, ...]:
        """Families with at least one factor that is not excluded, or a trigger, in order of appearance."""
        kept = [f for f, out in zip(self.families, self.excluded, strict=True) if not out]
        return tuple(dict.fromkeys([*kept, *self.triggers.families]))

    def family_members(self) -> Bools:
        """Membership, shape (families, K); an excluded factor belongs to none."""
        own = np.array([[f == name for f in self.families] for name in self.family_names], dtype=bool)
        return own.reshape(len(self.family_names), len(self)) & ~self.excluded

    def family_triggers(self) -> Bools:
        """Membership of the triggers, shape (families, T)."""
        own = np.array([[f == name for f in self.triggers.families] for name in self.family_names], dtype=bool)
        return own.reshape(len(self.family_names), len(self.triggers))

    def with_factor(self, key: str, label: str, family: str, mean: float, sd: float, sign: str = SIGNED) -> FactorTable:
        """The table with one more factor at its end."""
        return replace(
            self,
            keys=(*self.keys, key),
            labels=(*self.labels, label),
            families=(*self.families, family),
            prior_mean=np.append(self.prior_mean, mean),
            prior_sd=np.append(self.prior_sd, sd),
            signs=(*self.signs, sign),
            excluded=np.append(self.excluded, False),
        )


@dataclass(frozen=True, slots=True)
class RunRows:
    """One run in bins of ``dt_h`` hours (a minute or ten seconds; elapsed time), for ``draws`` plausible bodies.

    ``log_h0`` is the log of the baseline hazard in 1/h, -inf where it is 0. ``time_y`` dates the run in decimal years
    from any origin common to a journal. ``after_log_h0`` is the log of the baseline cumulated over the first hour and
    over hours one to six after the run; None where the run says nothing about them. ``stressors`` are what a personal
    trigger may answer to (see ``TriggerTable``); ``lateness`` is the part of ``log_h0`` that is put down to how far and
    how long the run was.
    """

    dt_h: Floats  # (bins,)
    log_h0: Floats  # (draws, bins)
    covariates: Floats  # (draws, bins, K)
    time_y: float = 0.0
    hard: bool = False  # a race or an all-out effort: drivers are judged over these
    run_id: str = ""
    after_log_h0: Floats | None = None  # (2,)
    stressors: Floats = field(default_factory=lambda: np.zeros((0, 0, 0)))  # (draws, bins, T); empty: none
    lateness: Floats = field(default_factory=lambda: np.zeros((0, 0)))  # (draws, bins); empty: 0
    ended_h: float | None = None  # where it was left early: bins beyond are what was planned, and count in forecasts

    def __post_init__(self) -> None:
        bins = self.dt_h.shape[0]
        draws, factors = self.covariates.shape[0], self.covariates.shape[-1]
        if self.covariates.shape != (draws, bins, factors) or self.log_h0.shape != (draws, bins) or bins == 0:
            raise ValueError(
                f"run {self.run_id}: dt_h {self.dt_h.shape}, log_h0 {self.log_h0.shape} and covariates "
                f"{self.covariates.shape} do not fit (bins,), (draws, bins), (draws, bins, factors)"
            )
        if not np.isfinite(self.covariates).all() or np.isnan(self.log_h0).any() or not (self.dt_h > 0).all():
            raise ValueError(f"run {self.run_id}: covariates must be finite, log_h0 a number and dt_h above zero")
        if self.stressors.size == 0:
            object.__setattr__(self, "stressors", np.zeros((draws, bins, 0)))
        if not self.lateness.any():  # 0 throughout, whatever its shape
            object.__setattr__(self, "lateness", np.zeros((draws, bins)))
        if self.stressors.shape[:2] != (draws, bins) or self.lateness.shape != (draws, bins):
            raise ValueError(f"run {self.run_id}: stressors and lateness need shapes ({draws}, {bins}, ...)")
        if self.after_log_h0 is not None and self.after_log_h0.shape != (NIGHT,):
            raise ValueError(f"run {self.run_id}: after_log_h0 needs shape ({NIGHT},)")

    @property
    def draws(self) -> int:
        """Number of plausible bodies."""
        return int(self.covariates.shape[0])

    @property
    def duration_h(self) -> float:
        """Hours of the run as it was planned."""
        return float(self.dt_h.sum())

    @property
    def end_h(self) -> float:
        """Hours that were run."""
        return self.duration_h if self.ended_h is None else self.ended_h

    def at(self, time_h: float) -> int:
        """Index of the bin that holds a time."""
        ends = np.cumsum(self.dt_h)
        return min(int(np.searchsorted(ends, time_h, side="left")), ends.size - 1)


class ReportKind(StrEnum):
    """What is known about cramps during one run."""

    EXACT = "exact"  # the first cramp at a time
    INTERVAL = "interval"  # the first cramp somewhere in (from_h, to_h]
    NONE = "none"  # asked or told: no cramp
    TWITCH = "twitch"  # asked: twitching or tightness, no cramp
    NO_REPORT = "no_report"  # silence, which is not the same as none


@dataclass(frozen=True, slots=True)
class Report:
    """What the runner said about one run, in hours since its start.

    ``asked``: the prompt "nothing / tight or twitching / cramp" was shown, so that NONE also says "no twitch".
    ``until_h``: NONE holds until then (None: the whole run). ``further_h``: later cramps of the same run.
    """

    kind: ReportKind
    at_h: float | None = None
    from_h: float = 0.0
    to_h: float | None = None
    until_h: float | None = None
    asked: bool = False
    further_h: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if (self.kind is ReportKind.EXACT) != (self.at_h is not None):
            raise ValueError("a time belongs to an exact report, and only to it")
        if self.kind is ReportKind.INTERVAL and self.to_h is not None and not 0 <= self.from_h < self.to_h:
            raise ValueError(f"an interval must be ordered, got ({self.from_h}, {self.to_h}]")
        if self.kind is ReportKind.TWITCH and not self.asked:
            raise ValueError("a twitch counts only where the runner was asked")
        if self.further_h and (self.at_h is None or min(self.further_h) <= self.at_h):
            raise ValueError("further cramps need an exact first cramp before them")

    @property
    def cramped(self) -> bool:
        """True when a cramp during the run was reported."""
        return self.kind in (ReportKind.EXACT, ReportKind.INTERVAL)

    @classmethod
    def exact(cls, at_h: float, *, asked: bool = False, further_h: Iterable[float] = ()) -> Report:
        """The first cramp at ``at_h``."""
        return cls(ReportKind.EXACT, at_h=at_h, asked=asked, further_h=tuple(sorted(further_h)))

    @classmethod
    def interval(cls, from_h: float = 0.0, to_h: float | None = None, *, asked: bool = False) -> Report:
        """The first cramp somewhere in (``from_h``, ``to_h``]; without limits: some time during the run."""
        return cls(ReportKind.INTERVAL, from_h=from_h, to_h=to_h, asked=asked)

    @classmethod
    def none(cls, *, asked: bool = False) -> Report:
        """No cramp during the run."""
        return cls(ReportKind.NONE, asked=asked)

    @classmethod
    def twitch(cls) -> Report:
        """Asked: twitching or tightness, but no cramp."""
        return cls(ReportKind.TWITCH, asked=True)

    @classmethod
    def no_report(cls, *, asked: bool = False) -> Report:
        """Nothing was said."""
        return cls(ReportKind.NO_REPORT, asked=asked)
