"""A cramp right now, what runners are told, and the published risk factors held against a runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from charley.advice.ask import Asked
    from charley.advice.cramp_card import CrampCard
    from charley.advice.help_me import HelpMe
    from charley.advice.profile import Profile
    from charley.advice.return_to_run import Stage
    from charley.advice.triage import Flag
    from charley.vocabulary.runner import Runner


def help_me(flags: str | None = None, muscle: str = "calf", place: str = "land") -> HelpMe:
    """A cramp, now. ``flags``: a list with commas of warning signs, "none", or None where nobody was asked yet."""
    from charley.advice.help_me import help_me as answer
    from charley.advice.triage import read_flags

    return answer(None if flags is None else read_flags(flags), muscle, place)


def warning_signs() -> tuple[Flag, ...]:
    """All that ``help_me`` can be told."""
    from charley.advice.triage import flags

    return tuple(flags().values())


def hold_timer(let_go: Callable[[], bool], wait: Callable[[int], None]) -> Iterator[int]:
    """Counts the hold of a stretch down, round after round, until ``let_go`` says so or ten minutes are over."""
    from charley.advice.relief import hold_timer as timer

    return timer(let_go, wait)


def return_to_run(after: str = "cramp") -> tuple[Stage, ...]:
    """The way back to running after a "cramp" or a possible "strain"."""
    from charley.advice.return_to_run import return_to_run as stages

    return stages(after)


def cramp_card() -> CrampCard:
    """All that the page for the phone and the printed card hold."""
    from charley.advice.cramp_card import cramp_card as card

    return card()


def ask(text: str, log: Mapping[str, str] | None = None) -> Asked:
    """Answers from the graded claims; ``log`` maps a theory or a claim id to a sentence on the runner's own runs."""
    from charley.advice.ask import ask as answer

    return answer(text, log)


def profile(runner: Runner, distance_km: float = 42.195) -> Profile:
    """What the published risk factors say of this runner, and how much each really moves the chance.

    Raises UsageError for people under 18, and for an answer that the profile does not use.
    """
    from charley.advice.profile import profile as found
    from charley.api import about

    about.check(runner.about, of_run=False)
    return found(runner, distance_km)
