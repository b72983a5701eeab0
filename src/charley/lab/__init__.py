"""The laboratory: published experiments, run again on virtual subjects, and any other that a protocol file describes.

The way of one experiment:

    reading.find          a TOML file -> LabProtocol, checked key by key (protocol.py), then as a whole (rules.py)
    subjects.person       virtual subjects, the same for the same seed; subjects.slow_state, fluids.fluid_state
    examination.examine   one person through one condition, on a session (session.py) whose record is kept
    measures.MEASURES     what is measured of that record
    compare.verdict       published against simulated
    run.run, run_table    all people and conditions, on any number of processes -> LabExperiment, LabTable

``bench.bench`` is ten seconds of one typical person. Numba is needed to run, not to list.
"""
