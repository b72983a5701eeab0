"""What a runner can tell of themselves beside the fields of ``Runner``: the keys of ``Runner.about``.

The table of factors says what each answer means and how large it can be. What would move nothing is refused here, in
one coded line, and not passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from charley.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from charley.vocabulary.evidence import Factor

# Keys of the same table that have an option and a field of their own.
OWN_OPTION = {"male": "--sex", "age_decade": "--age", "bmi": "--mass and --height"}


def tellable(*, of_run: bool) -> dict[str, Factor]:
    """The answers that can be told, by key; ``of_run``: also those that are about one run."""
    from charley.evidence import factors

    found = factors("person", "told") if of_run else factors("person")
    return {key: prior.factor for key, prior in found.items() if prior.factor is not None and key not in OWN_OPTION}


def check(about: Iterable[tuple[str, float]], *, of_run: bool) -> None:
    """Raise UsageError for a key that nothing reads, an answer given twice, or one that cannot be."""
    known = tellable(of_run=of_run)
    seen: set[str] = set()
    for key, value in about:
        if key in OWN_OPTION:
            raise UsageError("usage-value", f"{key} is told with {OWN_OPTION[key]}", "--about")
        if key not in known:
            found = f"{key} is about one run and moves nothing here" if key in tellable(of_run=True) else ""
            listed = f"Known: {', '.join(sorted(known))}."
            raise UsageError("usage-value", found or f"unknown key {key[:40]!r}", "--about", listed)
        if key in seen:
            raise UsageError("usage-value", f"{key} was told twice", "--about")
        seen.add(key)
        factor = known[key]
        if factor.yes_or_no and value not in (0.0, 1.0):
            raise UsageError("usage-value", f"{key} {value:g}; possible is yes or no", "--about")
        if not 0.0 <= value <= factor.most:  # also false for NaN
            raise UsageError("usage-value", f"{key} {value:g}; possible is 0 to {factor.most:g}", "--about")
