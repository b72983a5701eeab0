"""What a runner says of runs, bodies and habits, as the journal keeps it: one frozen row an answer, in SI.

Rows are only ever added. A row with ``replaces`` takes the place of an earlier one; the earlier one stays readable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from charley.vocabulary.cramp import Cramp, NoCramp
from charley.vocabulary.errors import Warned

PHASES = ("during", "after_0_1h", "after_1_6h", "night")
EVENT_KINDS = ("none", "skip", "twitch", "cramp", "other_stop")
MUSCLES = ("calf", "upper_calf", "lower_calf", "hamstring", "quadriceps", "foot", "shin", "hip", "other")
SIDES = ("left", "right", "both")
SEVERITIES = {1: "kept running", 2: "slowed", 3: "walked", 4: "stopped"}
EFFORTS = ("race", "hard", "easy")
UNUSUAL = ("bad_sleep", "ill", "tight_calves", "new_shoes", "new_medicine", "alcohol", "travel")
CONDITIONS = (
    "kidney", "heart", "high_blood_pressure", "diabetes", "thyroid", "pregnancy", "low_sodium_before", "clot_before",
    "muscle_or_nerve_disease", "hernia_or_sciatica",
)  # fmt: skip
MEDICINES = (
    "blood_pressure", "diuretic", "statin", "anti_inflammatory", "asthma_spray", "antidepressant", "hormones",
    "blood_thinner", "heart_rhythm",
)  # fmt: skip
# Words that can be ticked and that no answer stands on yet: they are kept, and whoever ticks one is told so. An answer
# that comes to use one takes it out here; a test holds this table to what the rooms read.
KEPT_ONLY = frozenset(
    {"ill", "new_shoes", "new_medicine", "alcohol", "travel"}
    | {"clot_before", "anti_inflammatory", "antidepressant", "hormones", "blood_thinner"}
)
CRAMPED_OF_TEN = {"0": (0, 0), "1-2": (1, 2), "3-5": (3, 5), "6+": (6, 10)}


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of the journal without its streams: what a list shows."""

    run_id: str
    started_at: datetime
    elapsed_s: float
    timer_s: float
    distance_m: float
    records: int
    file_name: str
    file_format: str
    device: str
    sport: str
    title: str
    demo: bool
    samples: int
    channels: tuple[str, ...]  # names of ``Streams`` that hold at least one value
    added_at: datetime
    dated: bool = True  # False: its clock was never set; it counts in nothing until its date is said
    zone_from: str = "machine"  # where the zone of ``started_at`` is from: as in ``Run``, or "runner"


@dataclass(frozen=True, slots=True)
class Glance:
    """A run as a picture of all of them needs it."""

    run_id: str
    started_at: datetime
    elapsed_s: float
    distance_m: float
    dated: bool = True


@dataclass(frozen=True, slots=True)
class OtherActivity:
    """An activity that is no run, or has no distance: kept in figures only, as part of the load on a runner."""

    activity_id: str  # SHA-256 of the content that was read
    sport: str
    started_at: datetime
    elapsed_s: float
    distance_m: float | None
    file_name: str
    why_no_run: str  # the code of the reason


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that was put to the runner: about a whole run, or about one stop of it (``about_s``)."""

    id: int
    run_id: str
    asked_at: datetime
    about_s: float | None
    channel: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What every row has, whatever it says. ``happened_at`` is when it took place, ``answered_at`` when it was told."""

    id: int
    run_id: str | None
    happened_at: datetime
    answered_at: datetime
    source: str  # "tap", "command", "suggested", "import"
    replaces: int | None
    prompt_id: int | None
    note: str
    current: bool  # False once a later answer took its place or took it back


@dataclass(frozen=True, slots=True)
class Event(Answer):
    """A cramp, a twitch, "nothing", "skip", or "that stop was something else", in elapsed seconds of the run.

    A cramp at a known place has ``at_s``; else it lies in (``from_s``, ``to_s``]. After the run and at night the
    phase says when, and the three are None.
    """

    kind: str
    phase: str
    at_s: float | None
    from_s: float | None
    to_s: float | None
    muscle: str | None
    side: str | None
    severity: int | None
    helped: str

    def cramp(self) -> Cramp:
        """The same as the models take it; only for a cramp or a twitch during the run."""
        if self.phase != "during" or self.kind not in ("cramp", "twitch") or self.from_s is None or self.to_s is None:
            raise ValueError(f"answer {self.id} is not a cramp during a run")
        return Cramp(self.at_s, self.from_s, self.to_s, self.muscle or "calf", self.side, self.severity)


@dataclass(frozen=True, slots=True)
class Report:
    """All that was asked and said of one run. ``history`` has every event in the order told, the withdrawn ones too."""

    run_id: str
    elapsed_s: float
    prompts: tuple[Prompt, ...]
    history: tuple[Event, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        """What holds now, in the order in which it happened."""
        current = (e for e in self.history if e.current)
        return tuple(sorted(current, key=lambda e: (PHASES.index(e.phase), e.from_s or 0.0, e.id)))

    def state(self, phase: str = "during") -> str:
        """What is known of a phase: "cramp", "twitch", "none", "skipped", "asked" (no answer) or "not asked"."""
        kinds = {e.kind for e in self.events if e.phase == phase}
        for kind, word in (("cramp", "cramp"), ("twitch", "twitch"), ("none", "none"), ("skip", "skipped")):
            if kind in kinds:
                return word
        return "asked" if phase == "during" and any(p.about_s is None for p in self.prompts) else "not asked"

    @property
    def cramps(self) -> tuple[Cramp, ...]:
        """Cramps during the run, the earliest first."""
        return tuple(e.cramp() for e in self.events if e.kind == "cramp" and e.phase == "during")

    @property
    def twitches(self) -> tuple[Cramp, ...]:
        """Twitches and tightness during the run, the earliest first."""
        return tuple(e.cramp() for e in self.events if e.kind == "twitch" and e.phase == "during")

    @property
    def no_cramp(self) -> NoCramp | None:
        """The statement that nothing cramped, where the runner made it (a twitch is no cramp); never from silence."""
        return NoCramp(self.elapsed_s) if self.state() in ("none", "twitch") else None


@dataclass(frozen=True, slots=True)
class Weighing(Answer):
    """Body mass on a scale; ``when`` is "before" or "after" the run, or "other"."""

    mass_kg: float
    when: str


@dataclass(frozen=True, slots=True)
class Drink(Answer):
    """One drink, or all that was drunk over the run (``at_s`` None). Zero litres is an answer, and not "not said"."""

    volume_l: float
    at_s: float | None
    sodium_mmol_l: float | None
    carbohydrate_g_l: float | None


@dataclass(frozen=True, slots=True)
class SodiumTaken(Answer):
    """Sodium from tablets, gels or food, apart from drinks; ``when`` is "before" or "during"."""

    sodium_mmol: float
    when: str


@dataclass(frozen=True, slots=True)
class SweatTest(Answer):
    """A sweat test: the runner's own weighing, a laboratory's or a patch's (``method``)."""

    sweat_rate_l_h: float | None
    sweat_sodium_mmol_l: float | None
    air_temp_c: float | None
    method: str


@dataclass(frozen=True, slots=True)
class Shoes(Answer):
    """The shoes of a run; ``drop_m`` is heel height minus forefoot height."""

    name: str
    drop_m: float | None
    new: bool


@dataclass(frozen=True, slots=True)
class StrengthSession(Answer):
    """Calf strength work: ``sets`` of ``repetitions`` with ``load_kg`` beside body mass."""

    exercise: str
    sets: int
    repetitions: int
    load_kg: float


@dataclass(frozen=True, slots=True)
class HealthAnswer(Answer):
    """A condition or a medicine that decides what may be advised; ``present`` False is "asked, and no"."""

    what: str  # "condition" or "medicine"
    name: str
    present: bool


@dataclass(frozen=True, slots=True)
class BaselineAnswer(Answer):
    """The ten-second questionnaire: cramps in the last ten long efforts, and the runner. None = not said."""

    cramped_low: int | None
    cramped_high: int | None
    body_mass_kg: float | None
    height_m: float | None
    birth_year: int | None
    sex: str | None


@dataclass(frozen=True, slots=True)
class About(Answer):
    """What only the runner knows of a run: how hard it was meant, the air, what was unusual that day."""

    effort: str | None
    air_temp_c: float | None
    relative_humidity: float | None
    unusual: tuple[str, ...]
    change: str | None = None  # the change of a trial ...
    change_done: str | None = None  # ... and whether it was done in this run: "yes", "no"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What holds of the questionnaire: for each field the latest that was said."""

    cramped_low: int | None = None
    cramped_high: int | None = None
    body_mass_kg: float | None = None
    height_m: float | None = None
    birth_year: int | None = None
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """The row that an answer became: its id, the run that it is about, and what a person should know."""

    id: int
    run_id: str | None
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredPosterior:
    """A posterior as bytes, with all that made it: the same journal, model and seed give the same bytes."""

    id: int
    made_at: datetime
    model_version: str
    data_sha256: str
    seed: int
    draws: int
    made_from: str  # JSON: further settings
    content: bytes


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast that was made before a run, so that it can be held against what came."""

    id: int
    made_at: datetime
    model_version: str
    posterior_id: int | None
    name: str
    planned_at: datetime | None
    distance_m: float
    goal_s: float | None
    chance_mean: float
    chance_low: float
    chance_high: float
    detail: str  # JSON: the plan, the weather, the curve by kilometre


@dataclass(frozen=True, slots=True)
class ForecastOutcome:
    """What came of a forecast: the run that it was for, and whether it cramped."""

    forecast_id: int
    run_id: str
    cramped: bool
    scored_at: datetime


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not imported, with the stable code of the reason. ``harmless``: it never was an activity."""

    file: str
    code: str
    text: str
    harmless: bool = False


@dataclass(frozen=True, slots=True)
class FileNotes:
    """What an archive says of one of its files beside it, in a table or a list: it counts where the file is silent."""

    title: str = ""
    sport: str = ""  # FIT's name
    joined: bytes = b""  # a document of what else the export holds of the same activity (``activities.vendors.joined``)


@dataclass(slots=True)
class Room:
    """How much a file that was handed in may still cost; an import takes from it, activity by activity.

    ``file`` is its name. A file of a megabyte can name a million activities, and each has to be read and kept.
    """

    file: str
    left: int


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that an import came upon, in a folder or an archive: its content, or why it is passed over.

    ``name`` is where it was found ("export.zip/activities/1.fit.gz"); ``done`` is how far the whole import is after it,
    0 to 1, as far as sizes tell.
    """

    name: str
    data: bytes | None
    skipped: Skipped | None
    done: float
    notes: FileNotes = FileNotes()
    room: Room | None = None  # of the file that was handed in; None: nobody counts


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """Where an import is: ``done`` from 0 to 1, and what came of the files so far."""

    done: float
    imported: int
    duplicates: int
    skipped: int
    file: str

    @property
    def share(self) -> float:
        """Of the whole, 0 to 1."""
        return self.done


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did: ``imported`` new activities, ``others`` of them no runs; ``run_ids`` are the new runs."""

    imported: int
    others: int
    duplicates: int
    refreshed: int
    skipped: tuple[Skipped, ...]
    seconds: float
    run_ids: tuple[str, ...]
    undated: tuple[str, ...] = ()  # new runs whose clock was never set
    same_runs: tuple[Skipped, ...] = ()  # duplicates that another device recorded, or that stand under another clock
    logged: int = 0  # answers that came with the files: of cramp logs, and of the cramp buttons of watches
    logged_before: int = 0  # the same answers once more


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the examination of a journal found. ``grave``: something was lost or cannot be read."""

    code: str
    text: str
    grave: bool
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class JournalStatus:
    """The journal in figures."""

    path: Path
    exists: bool
    format: int
    writable: bool
    runs: int
    demo_runs: int
    first_start: datetime | None
    last_start: datetime | None
    answers: int
    cramps: int
    cramp_free: int  # runs of which the runner said "nothing"
    unanswered: int  # runs that were asked about, without an answer
    weighings: int
    drinks: int
    bytes_on_disk: int
    backups: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was written and read back."""

    path: Path
    bytes_on_disk: int
    rows: tuple[tuple[str, int], ...]
    streams: int
    data_sha256: str
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored journal, and where the one before it was kept (None where there was none)."""

    path: Path
    kept: Path | None
    runs: int
    answers: int
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """An export: its folder and the number of rows of each file."""

    path: Path
    files: tuple[tuple[str, int], ...]
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed, which files still hold it, and of which removed files the bytes could not be written over."""

    runs: int
    answers: int
    still_in: tuple[Path, ...]
    not_overwritten: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What the journal knows about a person, line by line, fit to be shown to others."""

    lines: tuple[tuple[str, str], ...]
