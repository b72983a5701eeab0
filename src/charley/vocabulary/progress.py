"""How far an answer is that takes a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

STAGES = ("runs", "belief", "answer")  # rows of each run; what is believed of them; what follows
_BEGINS = {"runs": 0.0, "belief": 0.6, "answer": 0.85}  # of the time that a journal of thousands of runs takes
_ENDS = {"runs": 0.6, "belief": 0.85, "answer": 1.0}


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``of`` in a stage, one of ``STAGES``; 0 of 0 where a stage is not counted."""

    stage: str
    done: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        """Of the whole, 0 to 1: a rough measure of time."""
        begins, part = _BEGINS[self.stage], self.done / self.of if self.of else 0.0
        return begins + part * (_ENDS[self.stage] - begins)


Tell = Callable[[Progress], None]


def nobody(progress: Progress) -> None:
    """Who tells nobody."""
