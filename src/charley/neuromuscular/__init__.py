"""The fast loop: a pool of bistable motor neurons, its reflexes and its muscle, in which a cramp emerges or does not.

A ``Subject`` in a ``SlowState`` undergoes a ``Protocol``; ``simulate`` records it, ``threshold_frequency`` runs a
laboratory's ramp of trains. One file a mechanism; all numbers stand in the table ``parameters_neuromuscular``. Numba
is imported only when a pool is run.
"""

from charley.neuromuscular.adaptation import after_days, after_sessions
from charley.neuromuscular.ions import ion_shift_mv
from charley.neuromuscular.parameters import constants, muscles, passive_length
from charley.neuromuscular.protocol import Protocol, TendonShock, Train, Vibration
from charley.neuromuscular.simulate import Trace, simulate
from charley.neuromuscular.subject import SlowState, Subject, virtual_subjects
from charley.neuromuscular.threshold import (
    RampProtocol,
    ThresholdResult,
    cramp_after,
    cramp_duration_s,
    rested_threshold_hz,
    threshold_frequency,
)

__all__ = [
    "Protocol",
    "RampProtocol",
    "SlowState",
    "Subject",
    "TendonShock",
    "ThresholdResult",
    "Trace",
    "Train",
    "Vibration",
    "after_days",
    "after_sessions",
    "constants",
    "cramp_after",
    "cramp_duration_s",
    "ion_shift_mv",
    "muscles",
    "passive_length",
    "rested_threshold_hz",
    "simulate",
    "threshold_frequency",
    "virtual_subjects",
]
