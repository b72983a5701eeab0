"""One typed function for each question; faces call these and nothing else.

    one_run.why(path, at)              why did this run bring a cramp?
    history.why(journal)               why do my calves cramp, over all runs?
    history.track_record(journal)      how good were the forecasts?
    history.propose_runs(journal)      which run would tell most?
    trials.plan, .run, .result         one change, tried on the runner
    journal.import_files, .log_event   bring runs in, say what happened, look after the file
    roster.learn_squad(journals)       many runners, each by their own journal
    race.forecast, .keep, .score       a race to come: time, chance, changes, plan; and what came of forecasts
    training.training_plan             the weeks before it
    advice.help_me, .ask, .profile     a cramp right now; what runners are told; the published risk factors
    laboratory.run, .table, .bench     published experiments, run again

Each module loads what it needs when it is asked, so that naming one costs a command line nothing.
"""
