"""A cramp right now, what runners are told, and the published risk factors held against a runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from charley.advice.ask import Asked
    from charley.advice.cramp_card import CrampCard
    from charley.advice.emergency import EmergencyNumber, OtherLanguage
    from charley.advice.hearing import Heard
    from charley.advice.help_me import HelpMe
    from charley.advice.profile import Profile
    from charley.advice.return_to_run import Stage
    from charley.advice.triage import Flag
    from charley.vocabulary.experience import Experience, ForYou
    from charley.vocabulary.runner import Runner


def help_me(
    flags: str | None = None,
    muscle: str | None = None,
    place: str = "land",
    text: str = "",
    country: str | None = None,
) -> HelpMe:
    """A cramp, now.

    ``flags``: warning signs with commas, or in free text; "none"; None where nobody was asked yet. ``text``: what the
    runner writes of it; its signs count too. ``muscle``: None = the one that the text names, else the calf.
    ``country``: two letters, for the emergency number.
    """
    from charley.advice.help_me import help_me as answer
    from charley.advice.triage import read_flags

    signs = None if flags is None else read_flags(flags)
    denied: tuple[str, ...] = ()
    if text:
        from charley.advice.hearing import hear, muscle_of

        heard = hear(text)
        denied = heard.denied
        signs = (*(signs or ()), *heard.signs) if heard.signs else signs
        muscle = muscle or muscle_of(text)
    return answer(signs, muscle or "calf", place, country, denied)


def hear(text: str) -> Heard:
    """The warning signs in a text: told, denied, or a reason to ask the screen questions."""
    from charley.advice.hearing import hear as heard

    return heard(text)


def in_language(language: str, country: str | None = None) -> OtherLanguage:
    """What to say to danger words in another language, with the emergency numbers of its countries."""
    from charley.advice.emergency import in_language as said

    return said(language, country)


def emergency_numbers() -> tuple[EmergencyNumber, ...]:
    """The emergency numbers of all countries that we know of."""
    from charley.advice.emergency import emergency_numbers as numbers

    return tuple(numbers().values())


def warning_signs() -> tuple[Flag, ...]:
    """All that ``help_me`` can be told."""
    from charley.advice.triage import flags

    return tuple(flags().values())


def hold_timer(let_go: Callable[[], bool], wait: Callable[[int], None]) -> Iterator[int]:
    """Counts the hold of a stretch down, round after round, until ``let_go`` says so or ten minutes are over."""
    from charley.advice.relief import hold_timer as timer

    return timer(let_go, wait)


def for_you(experience: Experience, where: str, claim_id: str | None = None) -> tuple[ForYou, ...]:
    """What is said to this runner alone in ``where``: "ask" (beside a claim), "why" or "after"."""
    from charley.advice.experience import for_you as chosen

    return chosen(experience, where, claim_id)


def return_to_run(after: str = "cramp") -> tuple[Stage, ...]:
    """The way back to running after a "cramp" or a possible "strain"."""
    from charley.advice.return_to_run import return_to_run as stages

    return stages(after)


def cramp_card() -> CrampCard:
    """All that the page for the phone and the printed card hold."""
    from charley.advice.cramp_card import cramp_card as card

    return card()


def ask(
    text: str, log: Mapping[str, str] | None = None, country: str | None = None, experience: Experience | None = None
) -> Asked:
    """Answers from the graded claims; ``log`` maps a theory or a claim id to a sentence on the runner's own runs.

    ``country``: two letters, for the emergency number; ``experience`` chooses the order of the further answers.
    """
    from charley.advice.ask import ask as answer

    return answer(text, log, country, experience)


def profile(runner: Runner, distance_km: float = 42.195) -> Profile:
    """What the published risk factors say of this runner, and how much each really moves the chance.

    Raises UsageError for people under 18, and for an answer that the profile does not use.
    """
    from charley.advice.profile import profile as found
    from charley.api import about

    about.check(runner.about, of_run=False)
    return found(runner, distance_km)
