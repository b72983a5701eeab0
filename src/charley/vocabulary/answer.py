"""An answer to "why did it cramp?", before it is put into words: text, page and JSON are drawn from this one object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from charley.vocabulary.arrays import Floats
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import Warned
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.evidence import Source
from charley.vocabulary.note import Note

if TYPE_CHECKING:  # its twenty dataclasses are of no use to an answer about one run
    from charley.vocabulary.experience import ForYou
    from charley.vocabulary.over_journal import OverJournal


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What the file says of the run."""

    file_name: str
    file_format: str
    device: str
    started_at: datetime
    distance_m: float
    elapsed_s: float
    timer_s: float
    records: int
    demo: bool
    zone_from: str = ""  # where the zone of ``started_at`` is from: as in ``Run``


@dataclass(frozen=True, slots=True)
class Track:
    """One row of the run strip on the run's time axis. ``low`` and ``high`` are None where the file measured it.

    ``kind`` is "measured" or "model"; NaN marks what was not recorded. All arrays have the shape of the strip's time.
    """

    key: str  # names the colour: pace, gap, heart, cadence, fatigue, water, sodium, hazard ...
    label: str
    unit: str
    kind: str
    mean: Floats
    low: Floats | None = None
    high: Floats | None = None
    low50: Floats | None = None
    high50: Floats | None = None
    note: str = ""
    state: str = ""  # its name in JSON, with the unit, e.g. "plasma_sodium_change_mmol_l"


@dataclass(frozen=True, slots=True)
class Strip:
    """All tracks of a run on one axis (``time_s``, ``distance_m``: (points,)) and the stretches that broke it."""

    time_s: Floats
    distance_m: Floats
    tracks: tuple[Track, ...]
    breaks: tuple[tuple[float, float, str], ...]  # from, to in elapsed seconds, and "pause", "gap" or the channel lost

    def track(self, key: str) -> Track | None:
        """The track of that key, or None where the run has none."""
        return next((t for t in self.tracks if t.key == key), None)


@dataclass(frozen=True, slots=True)
class Hazard:
    """Rate of a first cramp of any leg muscle, per hour, given none so far. Arrays of shape (steps,)."""

    time_s: Floats
    distance_m: Floats
    rate_per_h: Floats
    low: Floats
    high: Floats
    low50: Floats
    high50: Floats


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a run was from the reference at the cramp (or at its end): a figure, its unit, and what it counts."""

    figure: Estimate
    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class Driver:
    """One candidate cause. ``share``: preventable fraction of 1; shares overlap and do not sum to one.

    Over a journal ``share`` is against the runner's own hard runs; of one file there are none, and it is ``reference``.
    """

    id: str
    label: str
    family: str
    share: Estimate
    before: Estimate  # ``share`` before the runner's cramps were counted
    reference: Estimate  # against the reference run: what studies would expect
    evidence_grade: str
    source_ids: tuple[str, ...]
    seen: Seen | None  # None: not known for this run


@dataclass(frozen=True, slots=True)
class Detected:
    """A named, published definition applied to the run: was it met, and with which figure.

    ``figure`` is what the definition compares, in ``unit``: "slower" (a fraction of the pace) or "m" (a distance).
    """

    id: str
    source_ids: tuple[str, ...]
    met: bool | None  # None = the run does not have what the definition asks for
    at_s: float | None
    at_m: float | None
    figure: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class SuggestedStop:
    """A stop late in the run, and what it looks like. Only ever a suggestion: a person says what it was."""

    at_s: float
    at_m: float
    kind: str  # "sudden_stop", "fade", "walk_break", "pause"
    stood_s: float
    cadence_before_spm: float | None
    why: Note


@dataclass(frozen=True, slots=True)
class DeclineTest:
    """The saying "a late loss of speed means that you were dry", held against this runner's own estimate."""

    slowed_fraction: float | None  # over the last 30 minutes before the cramp or the end, against the run before
    water_loss: Estimate  # fraction of body mass lost as water by then
    expected_share: Estimate  # preventable fraction of water loss
    claim_id: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A channel that the file does not have. ``narrowing``: by how much it would cut the spread of what it bears on,
    0..1, computed; None where that cannot be computed."""

    key: str
    narrowing: float | None


@dataclass(frozen=True, slots=True)
class Assumed:
    """Something that was not said and had to be assumed: where it comes from, and with which value and spread.

    ``estimate`` in ``unit`` is set where it is a quantity.
    """

    key: str
    reason: Note
    estimate: Estimate | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class WouldTell:
    """A step that would tell more, with the information that it is expected to bring.

    ``label``: what a next run would have less of, for the key "less".
    """

    key: str
    expected_information_bits: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer for one run."""

    status: str  # "ok" or "cannot_tell"
    run: RunSummary
    cramp: Cramp | None
    cramp_at_m: float | None
    chance: Estimate  # of a first cramp of any leg muscle during the run, before it was known
    chance_of_people: tuple[float, float] | None  # two of ten such runners are below the first, two above the second
    chance_by_class: tuple[tuple[str, float, Estimate], ...]  # (class, probability of the class, chance in it)
    chance_after: tuple[tuple[str, Estimate], ...]  # (window, chance): a process of its own
    base_rate: Estimate  # a mass field at this distance
    base_rate_studies: Estimate  # volunteers of studies at this distance
    base_distance_m: float  # over which both base rates are told
    calf_share: Estimate
    hazard: Hazard
    strip: Strip
    drivers: tuple[Driver, ...]
    unexplained: Estimate
    prior_share: float
    n_cramps: int
    n_runs: int
    detected: tuple[Detected, ...]
    stops: tuple[SuggestedStop, ...]
    decline: DeclineTest | None
    missing: tuple[Missing, ...]
    assumed: tuple[Assumed, ...]
    would_tell: tuple[WouldTell, ...]
    warnings: tuple[Warned, ...]
    notes: tuple[Note, ...]  # that all is from studies, what was assumed on the way, where a model left its range
    sources: tuple[Source, ...]
    draws: int
    seed: int
    journal: OverJournal | None = None  # what holds over all runs, where a whole journal was asked
    for_you: tuple[ForYou, ...] = ()  # advice by years of running, longest run and history
