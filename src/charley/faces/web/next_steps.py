"""What to do next in the browser, where the error's own advice is a command that a page stands for.

Codes that are not here keep the advice of ``vocabulary/errors.toml``: what only the command line does, as
`charley data doctor`, is named as such.
"""

from __future__ import annotations

from pathlib import Path

from charley.vocabulary.errors import CharleyError

_BACK = ("Change it, and send it again.", "", "")
_BRING = ("Bring some, or look around first.", "/bring", "Add runs")
NEXT = {
    "usage-value": _BACK,
    "usage-flag": _BACK,
    "race-needs": ("Say how far it is.", "", ""),
    "race-date": ("Choose a day that is still to come.", "", ""),
    "journal-unknown-run": ("It may have been erased.", "/runs", "All runs"),
    "journal-which-run": ("Choose one of them.", "/runs", "All runs"),
    "journal-no-runs": _BRING,
    "journal-missing": _BRING,
    "journal-value": _BACK,
    "journal-contradiction": _BACK,
    "journal-unknown-answer": ("It may have been taken back already.", "/runs", "All runs"),
    "journal-in-use": ("Close the other Charley, then try again.", "", ""),
    "journal-locked": ("Another program is writing to it. Try again in a moment.", "", ""),
    "trial-unknown": ("Choose one of the changes that may be tried.", "/try", "Changes to try"),
    "trial-open": ("End it first, or wait until it is over.", "/try", "Your trial"),
    "trial-health": ("Answer the questions about your health first.", "/try", "Changes to try"),
    "work-ended": ("Ask for the page again.", "", ""),
}  # code -> advice, address, name of the link


def next_step(error: CharleyError) -> tuple[str, str, str]:
    """Advice, and a link where a page helps (address, name)."""
    return NEXT.get(error.code, (error.next_step, "", ""))


def where(error: CharleyError, journal: Path) -> str:
    """Where it was found: a field by its name, a file by its path; nothing where that is the journal or a command."""
    if error.where == str(journal) or error.where.startswith("charley "):
        return ""
    return error.where.removeprefix("--").replace("-", " ") if error.where.startswith("--") else error.where
