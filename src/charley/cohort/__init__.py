"""Cohort: many virtual runners through one course, one day's air and its start waves, with the answers' own models.

    field.py      a race as a file, checked            draw.py      random numbers by runner, the same in any chunk
    worlds.py     what science does not know, in sets  people.py    runners drawn from published distributions
    day.py        their courses through the air        simulate.py  bodies and hazard, batch by batch -> outcomes
    tally.py      outcomes -> whole numbers on grids   run.py       chunks, workers, checkpoint, resume
    workers.py    processes that share the chunks      cluster.py   a Dask cluster that does
    checkpoint.py what was counted so far, on the disk
    summary.py    whole numbers -> the answer          trial.py     how many runners a trial needs

Nothing here computes a body or a hazard of its own. A runner's outcome depends on the seed and on the runner's number
alone, and all that is kept are whole numbers, so the digest is the same for any workers, chunks and order.
"""
