"""The engine that learns from a log what drives a runner's cramps. It knows arrays, and no physiology.

Any hazard of the form log h0(t) + level + sum beta x(t) fits in:

    table, prior = FactorTable(...), sourced_runner_prior()                        design, prior
    runs = [compress(rows, report, table, prior) for rows, report in log]          design, compress
    belief = fit(runs, table, prior, draws=1000, seed=0)                           smc
    belief = one_more_run(belief, compress(...), runs).posterior                   streaming
    drivers(belief, hard_runs), forecast(belief, rows), propose(belief, designs)   attribution, forecast, next_run

``belief`` is a ``posterior.Posterior``: weighted draws, coordinates (draws, d), sensitivities (draws, K). Further:
``trial`` (one change, on and off), ``recurrence`` (once it has cramped), ``forecast_score``, ``population`` (many
runners), ``simulated_runners``, ``likelihood`` and ``pooling`` (what is evaluated, and how it is kept small).
"""
