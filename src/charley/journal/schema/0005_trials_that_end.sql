-- One trial at a time: the runner may end one before all its runs are run.
ALTER TABLE trial ADD COLUMN ended_unix_s REAL;
ALTER TABLE trial ADD COLUMN runs_an_arm INTEGER; -- to see a halving in 8 of 10 such trials
