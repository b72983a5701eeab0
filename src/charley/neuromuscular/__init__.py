"""The fast loop: a pool of bistable motor neurons, its reflexes and its muscle, in which a cramp emerges or does not.

A ``Subject`` in a ``SlowState`` undergoes a ``Protocol`` (protocol.py); simulate.py records it, threshold.py runs a
laboratory's ramp of trains. One file a mechanism; all numbers stand in the table ``parameters_neuromuscular``. Who a
subject is can be asked without what runs the pool, and Numba is imported only when a pool is run.
"""

from charley.neuromuscular.adaptation import after_days, after_sessions
from charley.neuromuscular.ions import ion_shift_mv
from charley.neuromuscular.parameters import constants, muscles, passive_length
from charley.neuromuscular.subject import SlowState, Subject, virtual_subjects

__all__ = [
    "SlowState",
    "Subject",
    "after_days",
    "after_sessions",
    "constants",
    "ion_shift_mv",
    "muscles",
    "passive_length",
    "virtual_subjects",
]
