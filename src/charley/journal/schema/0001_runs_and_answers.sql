-- Runs, the files they came from, and everything the runner said. Times are seconds since 1970 UTC; a run's own
-- times are elapsed seconds from its start. Rows of answers are only ever added: triggers at the end hold that.

CREATE TABLE run (
  run_id TEXT PRIMARY KEY NOT NULL CHECK (run_id <> ''),   -- SHA-256 of the file's content
  started_unix_s REAL NOT NULL,
  elapsed_s REAL NOT NULL CHECK (elapsed_s >= 0),
  timer_s REAL NOT NULL CHECK (timer_s >= 0),
  distance_m REAL NOT NULL CHECK (distance_m >= 0),
  records INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  file_format TEXT NOT NULL,
  device TEXT NOT NULL,
  sport TEXT NOT NULL,
  title TEXT NOT NULL,
  demo INTEGER NOT NULL CHECK (demo IN (0, 1)),
  samples INTEGER NOT NULL,
  channels TEXT NOT NULL,                                  -- JSON: the channels that hold a value
  details TEXT NOT NULL,                                   -- JSON: intervals, changes and warnings of the cleaner
  streams_sha256 TEXT NOT NULL,                            -- the name of the file beside the journal
  read_by TEXT NOT NULL,                                   -- the version that read and cleaned the file
  added_unix_s REAL NOT NULL
) STRICT;
CREATE INDEX run_by_start ON run (started_unix_s);

-- Activities that are no runs, in figures only.
CREATE TABLE other_activity (
  activity_id TEXT PRIMARY KEY NOT NULL CHECK (activity_id <> ''),
  sport TEXT NOT NULL,
  started_unix_s REAL NOT NULL,
  elapsed_s REAL NOT NULL CHECK (elapsed_s >= 0),
  distance_m REAL CHECK (distance_m >= 0),
  file_name TEXT NOT NULL,
  why_no_run TEXT NOT NULL,
  added_unix_s REAL NOT NULL
) STRICT;
CREATE INDEX other_activity_by_start ON other_activity (started_unix_s);

-- Each file that was looked at, so that a repeated import need not read it again.
CREATE TABLE source_file (
  sha256 TEXT PRIMARY KEY NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('new', 'duplicate', 'skipped')),
  run_id TEXT REFERENCES run (run_id) ON DELETE CASCADE,
  activity_id TEXT REFERENCES other_activity (activity_id) ON DELETE CASCADE,
  place TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  read_by TEXT NOT NULL,
  seen_unix_s REAL NOT NULL,
  CHECK ((outcome = 'skipped') = (run_id IS NULL AND activity_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX source_file_by_run ON source_file (run_id);
CREATE INDEX source_file_by_activity ON source_file (activity_id);

-- Files of streams that no run needs any more and that are still to be removed from the disk.
CREATE TABLE streams_to_remove (streams_sha256 TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;

-- A question stands here whether or not it was answered: "asked, no answer" is not "none".
CREATE TABLE prompt (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL REFERENCES run (run_id),
  asked_unix_s REAL NOT NULL,
  about_s REAL,                                            -- the stop that was asked about, NULL = the whole run
  channel TEXT NOT NULL CHECK (channel IN ('command', 'page', 'import'))
) STRICT;
CREATE INDEX prompt_by_run ON prompt (run_id);

CREATE TABLE answer (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('event', 'weighing', 'drink', 'sodium', 'sweat_test', 'shoes', 'strength',
                                     'health', 'baseline', 'about', 'withdrawal')),
  run_id TEXT REFERENCES run (run_id),
  prompt_id INTEGER REFERENCES prompt (id),
  replaces INTEGER REFERENCES answer (id) CHECK (replaces < id),
  happened_unix_s REAL NOT NULL,
  answered_unix_s REAL NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('tap', 'command', 'suggested', 'import')),
  note TEXT NOT NULL,
  CHECK (kind <> 'withdrawal' OR replaces IS NOT NULL)
) STRICT;
CREATE INDEX answer_by_run ON answer (run_id);
CREATE INDEX answer_by_kind ON answer (kind);

CREATE TABLE event (
  answer_id INTEGER PRIMARY KEY REFERENCES answer (id),
  kind TEXT NOT NULL CHECK (kind IN ('none', 'skip', 'twitch', 'cramp', 'other_stop')),
  phase TEXT NOT NULL CHECK (phase IN ('during', 'after_0_1h', 'after_1_6h', 'night')),
  at_s REAL, from_s REAL, to_s REAL,
  muscle TEXT, side TEXT CHECK (side IN ('left', 'right', 'both')),
  severity INTEGER CHECK (severity BETWEEN 1 AND 4),
  helped TEXT NOT NULL,
  CHECK (at_s IS NULL OR (at_s >= from_s AND at_s <= to_s)),
  CHECK ((from_s IS NULL) = (to_s IS NULL) AND (from_s IS NULL OR (0 <= from_s AND from_s <= to_s))),
  CHECK (phase = 'during' OR (at_s IS NULL AND from_s IS NULL)),
  CHECK (phase <> 'during' OR kind NOT IN ('cramp', 'twitch', 'other_stop') OR from_s IS NOT NULL)
) STRICT;

CREATE TABLE weighing (
  answer_id INTEGER PRIMARY KEY REFERENCES answer (id),
  mass_kg REAL NOT NULL CHECK (mass_kg > 0),
  "when" TEXT NOT NULL CHECK ("when" IN ('before', 'after', 'other'))
) STRICT;

CREATE TABLE drink (
  answer_id INTEGER PRIMARY KEY REFERENCES answer (id),
  volume_l REAL NOT NULL CHECK (volume_l >= 0),
  at_s REAL CHECK (at_s >= 0),
  sodium_mmol_l REAL CHECK (sodium_mmol_l >= 0),
  carbohydrate_g_l REAL CHECK (carbohydrate_g_l >= 0)
) STRICT;

CREATE TABLE sodium (
  answer_id INTEGER PRIMARY KEY REFERENCES answer (id),
  sodium_mmol REAL NOT NULL CHECK (sodium_mmol >= 0),
  "when" TEXT NOT NULL CHECK ("when" IN ('before', 'during'))
) STRICT;

CREATE TABLE sweat_test (
  answer_id INTEGER PRIMARY KEY REFERENCES answer (id),
  sweat_rate_l_h REAL CHECK (sweat_rate_l_h >= 0),
  sweat_sodium_mmol_l REAL CHECK (sweat_sodium_mmol_l >= 0),
  air_temp_c REAL,
  method TEXT NOT NULL,
  CHECK (sweat_rate_l_h IS NOT NULL OR sweat_sodium_mmol_l IS NOT NULL)
) STRICT;

CREATE TABLE shoes (
  answer_id INTEGER PRIMARY KEY REFERENCES answer (id),
  name TEXT NOT NULL, drop_m REAL, new INTEGER NOT NULL CHECK (new IN (0, 1))
) STRICT;

CREATE TABLE strength (
  answer_id INTEGER PRIMARY KEY REFERENCES answer (id),
  exercise TEXT NOT NULL,
  sets INTEGER NOT NULL CHECK (sets > 0),
  repetitions INTEGER NOT NULL CHECK (repetitions > 0),
  load_kg REAL NOT NULL CHECK (load_kg >= 0)
) STRICT;

CREATE TABLE health (
  answer_id INTEGER PRIMARY KEY REFERENCES answer (id),
  what TEXT NOT NULL CHECK (what IN ('condition', 'medicine')),
  name TEXT NOT NULL, present INTEGER NOT NULL CHECK (present IN (0, 1))
) STRICT;

CREATE TABLE baseline (
  answer_id INTEGER PRIMARY KEY REFERENCES answer (id),
  cramped_low INTEGER CHECK (cramped_low BETWEEN 0 AND 10),
  cramped_high INTEGER CHECK (cramped_high BETWEEN cramped_low AND 10),
  body_mass_kg REAL, height_m REAL, birth_year INTEGER, sex TEXT,
  CHECK ((cramped_low IS NULL) = (cramped_high IS NULL))
) STRICT;

CREATE TABLE about (
  answer_id INTEGER PRIMARY KEY REFERENCES answer (id),
  effort TEXT CHECK (effort IN ('race', 'hard', 'easy')),
  air_temp_c REAL,
  relative_humidity REAL CHECK (relative_humidity BETWEEN 0 AND 1),
  unusual TEXT NOT NULL                                    -- JSON: a list of words
) STRICT;

CREATE TRIGGER answers_stay BEFORE UPDATE ON answer BEGIN SELECT RAISE(ABORT, 'answers are added, never changed'); END;
CREATE TRIGGER events_stay BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'answers are added, never changed'); END;
CREATE TRIGGER prompts_stay BEFORE UPDATE ON prompt BEGIN SELECT RAISE(ABORT, 'questions are added, never changed'); END;
