"""What was learnt and what was forecast: stored with all that made it, so that it can be repeated and scored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from charley.journal import readable
from charley.journal.store import Store
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import Forecast, ForecastOutcome, StoredPosterior

_POSTERIOR = "id, made_unix_s, model_version, data_sha256, seed, draws, made_from, content"
FORECAST = (
    "id, made_unix_s, model_version, posterior_id, name, planned_unix_s, distance_m, goal_s, "
    "chance_mean, chance_low, chance_high, detail"
)


def add_posterior(
    store: Store, *, model_version: str, data_sha256: str, seed: int, draws: int, made_from: str, content: bytes,
    now: datetime,
) -> int:  # fmt: skip
    """Keep a posterior; returns its id. ``made_from`` is JSON."""
    with store.writing() as db:
        made = db.execute(
            "INSERT INTO posterior (made_unix_s, model_version, data_sha256, seed, draws, made_from, content) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (now.timestamp(), model_version, data_sha256, seed, draws, made_from, content),
        )
        return int(made.lastrowid or 0)


def posterior(store: Store, *, data_sha256: str, model_version: str, seed: int) -> StoredPosterior | None:
    """The latest posterior that was made from this data by this model with this seed, or None."""
    with store.reading() as db:
        row = db.execute(
            f"SELECT {_POSTERIOR} FROM posterior WHERE data_sha256 = ? AND model_version = ? AND seed = ? "
            "ORDER BY id DESC LIMIT 1",
            (data_sha256, model_version, seed),
        ).fetchone()
    return None if row is None else StoredPosterior(row[0], readable.when(row[1]), *row[2:])


def add_forecast(
    store: Store, *, model_version: str, posterior_id: int | None, name: str, planned_at: datetime | None,
    distance_m: float, goal_s: float | None, chance_mean: float, chance_low: float, chance_high: float, detail: str,
    now: datetime,
) -> int:  # fmt: skip
    """Keep a forecast as it was made, before the run; returns its id. ``detail`` is JSON."""
    planned = None if planned_at is None else planned_at.timestamp()
    with store.writing() as db:
        made = db.execute(
            f"INSERT INTO forecast ({FORECAST.removeprefix('id, ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (now.timestamp(), model_version, posterior_id, name, planned, distance_m, goal_s, chance_mean, chance_low,
             chance_high, detail),
        )  # fmt: skip
        return int(made.lastrowid or 0)


def forecasts(store: Store) -> tuple[Forecast, ...]:
    """All forecasts, the earliest first."""
    with store.reading() as db:
        found = db.execute(f"SELECT {FORECAST} FROM forecast ORDER BY id").fetchall()
    return tuple(readable.each(found, built))


def score(store: Store, forecast_id: int, run_id: str, cramped: bool, now: datetime) -> None:
    """Say what came of a forecast; a later word takes the place of an earlier one, which stays readable."""
    with store.writing() as db:
        if db.execute("SELECT 1 FROM forecast WHERE id = ?", (forecast_id,)).fetchone() is None:
            raise UsageError("journal-unknown-answer", f"there is no forecast {forecast_id} in the journal")
        db.execute(
            "INSERT INTO forecast_outcome (forecast_id, run_id, cramped, scored_unix_s) VALUES (?, ?, ?, ?)",
            (forecast_id, run_id, cramped, now.timestamp()),
        )


def outcomes(store: Store) -> tuple[ForecastOutcome, ...]:
    """The latest outcome of each forecast that has one."""
    with store.reading() as db:
        found = db.execute(
            "SELECT forecast_id, run_id, cramped, scored_unix_s FROM forecast_outcome WHERE id IN "
            "(SELECT max(id) FROM forecast_outcome GROUP BY forecast_id) ORDER BY forecast_id"
        ).fetchall()
    return tuple(readable.each(found, lambda row: ForecastOutcome(row[0], row[1], bool(row[2]), readable.when(row[3]))))


def built(row: tuple[Any, ...]) -> Forecast:
    """A forecast of its row (the columns of FORECAST). Raises one of ``readable.UNREADABLE``."""
    readable.finite(*row)
    i, made, model, posterior_id, name, planned, *rest = row
    then = None if planned is None else readable.when(planned)
    return Forecast(i, readable.when(made), model, posterior_id, name, then, *rest)
