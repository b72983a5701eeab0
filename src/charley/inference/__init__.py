"""The engine that learns from a log what drives a runner's cramps. It knows arrays, and no physiology.

Any hazard of the form [background + h0(t) exp(level + sum beta x(t))] exp(sum of triggers past their knees) fits in:

    table, prior = FactorTable(...), sourced_runner_prior()                        design, prior
    runs = [compress(rows, report, table, prior) for rows, report in log]          design, compress
    state = absorb(begin(table, prior, draws=1000, seed=0), runs)                  sequential: runs by their start
    belief = posterior(state, runs)                                                sequential, smc
    Shares(belief, hard_runs).against(own_reference(hard_runs))                    attribution
    forecast(belief, rows), propose(belief, designs, reference)                    forecast, next_run

``belief`` is a ``posterior.Posterior``: weighted draws, coordinates (draws, d), sensitivities (draws, K). Further:
``trial`` (one change, on and off: counted, not modelled), ``after_runs``, ``recurrence`` (once it has cramped),
``forecast_score``, ``population`` (many runners), ``simulated_runners``, ``likelihood``, ``report_terms`` and
``pooling`` (what is evaluated, and how it is kept small).
"""
