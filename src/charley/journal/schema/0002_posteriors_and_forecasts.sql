-- What was learnt, with all that made it; what was forecast before a run, and what came of it.

CREATE TABLE posterior (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  made_unix_s REAL NOT NULL,
  model_version TEXT NOT NULL,
  data_sha256 TEXT NOT NULL,                               -- of the runs and answers that it was learnt from
  seed INTEGER NOT NULL,
  draws INTEGER NOT NULL CHECK (draws > 0),
  made_from TEXT NOT NULL,                                 -- JSON: further settings
  content BLOB NOT NULL
) STRICT;
CREATE INDEX posterior_by_data ON posterior (data_sha256, model_version, seed);

CREATE TABLE forecast (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  made_unix_s REAL NOT NULL,
  model_version TEXT NOT NULL,
  posterior_id INTEGER REFERENCES posterior (id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  planned_unix_s REAL,
  distance_m REAL NOT NULL CHECK (distance_m > 0),
  goal_s REAL CHECK (goal_s > 0),
  chance_mean REAL NOT NULL CHECK (chance_mean BETWEEN 0 AND 1),
  chance_low REAL NOT NULL CHECK (chance_low BETWEEN 0 AND 1),
  chance_high REAL NOT NULL CHECK (chance_high BETWEEN chance_low AND 1),
  detail TEXT NOT NULL                                     -- JSON: the plan, the weather, the curve by kilometre
) STRICT;

CREATE TABLE forecast_outcome (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  forecast_id INTEGER NOT NULL REFERENCES forecast (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  cramped INTEGER NOT NULL CHECK (cramped IN (0, 1)),
  scored_unix_s REAL NOT NULL
) STRICT;
CREATE INDEX forecast_outcome_by_forecast ON forecast_outcome (forecast_id);
