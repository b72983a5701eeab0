"""Is it a run? Refused is only what is clearly another sport; what does not say is taken as a run, with a warning."""

from __future__ import annotations

from charley.activities.fit.profile import SPORTS
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Recording, Session

_ON_FOOT = frozenset({"running", "walking", "hiking"})
_VAGUE = frozenset({"", "generic", "training", "fitness_equipment", "multisport", "all", "several"})
_NOT_ON_FOOT_INDOORS = frozenset({"indoor_rowing", "indoor_cycling"})


def is_run(session: Session) -> bool:
    """True if the session says that it was done on foot."""
    return session.sport in _ON_FOOT


def may_be_run(session: Session) -> bool:
    """True unless the session says that it was another sport. Sports that FIT's table does not know may be runs."""
    vague = session.sport in _VAGUE or session.sport not in SPORTS.values()
    return is_run(session) or (vague and session.sub_sport not in _NOT_ON_FOOT_INDOORS)


def require_run(recording: Recording) -> None:
    """Raise RunFileError (not-a-run) if every session of the recording is clearly another sport."""
    sports = {session.sport for session in recording.sessions}
    if recording.sessions and not any(may_be_run(session) for session in recording.sessions):
        raise RunFileError("not-a-run", f"the recording is of {' and '.join(sorted(sports))}", recording.file_name)
