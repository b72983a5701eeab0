"""What was learnt and what was forecast: stored with all that made it, so that it can be repeated and scored."""

from __future__ import annotations

from datetime import UTC, datetime

from charley.journal.store import Store
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import Forecast, ForecastOutcome, StoredPosterior

_POSTERIOR = "id, made_unix_s, model_version, data_sha256, seed, draws, made_from, content"
_FORECAST = (
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
    return None if row is None else StoredPosterior(row[0], _when(row[1]), *row[2:])


def add_forecast(
    store: Store, *, model_version: str, posterior_id: int | None, name: str, planned_at: datetime | None,
    distance_m: float, goal_s: float | None, chance_mean: float, chance_low: float, chance_high: float, detail: str,
    now: datetime,
) -> int:  # fmt: skip
    """Keep a forecast as it was made, before the run; returns its id. ``detail`` is JSON."""
    planned = None if planned_at is None else planned_at.timestamp()
    with store.writing() as db:
        made = db.execute(
            f"INSERT INTO forecast ({_FORECAST.removeprefix('id, ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (now.timestamp(), model_version, posterior_id, name, planned, distance_m, goal_s, chance_mean, chance_low,
             chance_high, detail),
        )  # fmt: skip
        return int(made.lastrowid or 0)


def forecasts(store: Store) -> tuple[Forecast, ...]:
    """All forecasts, the earliest first."""
    with store.reading() as db:
        found = db.execute(f"SELECT {_FORECAST} FROM forecast ORDER BY id").fetchall()
    return tuple(
        Forecast(i, _when(made), model, posterior_id, name, None if planned is None else _when(planned), *rest)
        for i, made, model, posterior_id, name, planned, *rest in found
    )


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
    return tuple(ForecastOutcome(f, r, bool(c), _when(s)) for f, r, c, s in found)


def _when(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)
