"""Why this runner's calves cramp, over all runs: plan, bodies, rows, belief, patterns, answer."""
