-- A trial has a table of its own; it was a forecast with a name that began with "trial ".
CREATE TABLE trial (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  made_unix_s REAL NOT NULL,
  model_version TEXT NOT NULL,
  change TEXT NOT NULL,                                    -- what is tried: "salt", "strength" ...
  label TEXT NOT NULL,
  arms TEXT NOT NULL CHECK (arms GLOB '[01]*' AND arms NOT GLOB '*[^01]*'),  -- of the runs that count, 1 = with the change
  least_distance_m REAL NOT NULL,                          -- runs of at least so much count
  least_elapsed_s REAL NOT NULL,
  with_it TEXT NOT NULL,
  without_it TEXT NOT NULL,
  rule TEXT NOT NULL,             -- JSON: the sentences that were told beforehand
  limits TEXT NOT NULL,
  expected_information_bits REAL NOT NULL,
  runs_to_tell INTEGER,
  usual_risk TEXT NOT NULL, -- JSON: an estimate
  seed INTEGER NOT NULL
) STRICT;
INSERT INTO trial
  SELECT id, made_unix_s, model_version, json_extract(detail, '$.change'), json_extract(detail, '$.label'),
    (SELECT group_concat(value, '') FROM json_each(detail, '$.arms')),
    json_extract(detail, '$.least_distance_m'), json_extract(detail, '$.least_elapsed_s'),
    json_extract(detail, '$.on'), json_extract(detail, '$.off'),
    json_extract(detail, '$.rule'), json_extract(detail, '$.limits'),
    json_extract(detail, '$.expected_information_bits'), json_extract(detail, '$.runs_to_tell'),
    json_extract(detail, '$.usual_risk'), json_extract(detail, '$.seed')
  FROM forecast WHERE name LIKE 'trial %' AND json_valid(detail) AND json_extract(detail, '$.arms') IS NOT NULL
  ORDER BY id;
DELETE FROM forecast WHERE name LIKE 'trial %' AND id IN (SELECT id FROM trial);
