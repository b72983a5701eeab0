"""How far a runner was acclimated to heat at each run: from the runs before it whose air is known."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np

from charley import body
from charley.evidence.numbers.body import BODY
from charley.vocabulary.arrays import middle
from charley.vocabulary.history import Told
from charley.vocabulary.run import Run

WINDOW = timedelta(days=BODY.acclimation_window_days)
THERMOMETER = "air_temp_c"  # the channel of a watch's own


class Heat:
    """The air of each run, and what the runs before a time made of the runner."""

    def __init__(self, runs: tuple[Told, ...], read: Callable[[int], Run | None]) -> None:
        self._runs, self._read = runs, read
        self._starts = [t.row.started_at for t in runs]
        self._air: dict[int, float | None] = {}

    def before(self, when: datetime) -> float | None:
        """Acclimation to heat (0..1) at a time; None where the runs of the weeks before do not tell."""
        end = bisect_left(self._starts, when)
        since = range(bisect_left(self._starts, when - WINDOW, hi=end), end)
        runs = [body.AiredRun(self._starts[i], self._runs[i].row.elapsed_s, self._air_of(i)) for i in since]
        return body.acclimation_of(runs, when)

    def _air_of(self, i: int) -> float | None:
        """Told, or the watch's reading less its warmth from the wrist; None where neither is there."""
        if i not in self._air:
            told, air = self._runs[i], self._runs[i].weather.air_temp_c
            if air is None and THERMOMETER in told.row.channels:
                air = _read_air_c(self._read(i))
            self._air[i] = air
        return self._air[i]


def _read_air_c(run: Run | None) -> float | None:
    if run is None:
        return None
    read = run.streams.air_temp_c[np.isfinite(run.streams.air_temp_c)]
    return middle(read) - BODY.watch_bias_c if read.size else None
