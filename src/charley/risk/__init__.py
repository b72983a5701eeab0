"""The hazard of a first cramp along a run, over draws of plausible worlds.

    x = covariates(states, reference, at, situation)   how far the run was from a reference run          factors.py
    exposure = expose(time_s, ..., x, worlds)          what the field's baseline adds in each minute     hazard.py
    hazard = RunHazard(exposure, person, worlds)       asked for chance, rate, after, preventable        hazard.py

``worlds`` come from draws.py, the person from person.py, how often fields cramp from baseline.py, the hours after a run
from post_run.py. The last part of a run: late_run.py, stops.py. Every number stands in
evidence/data/parameters_risk.toml and priors.toml.
"""

from charley.risk.factors import covariates
from charley.risk.hazard import Exposure, RunHazard, expose

__all__ = ["Exposure", "RunHazard", "covariates", "expose"]
