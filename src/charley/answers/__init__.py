"""From runs and what was said of them to an answer: one run, a history of runs, trials, the record of forecasts."""
