"""What can stand in a protocol file: who is tested, in what state, what is done to them, and what is measured.

Each class below is one table of the file; its fields carry range, unit and meaning (see ``schema.py``). Times are
seconds. An event stands either at ``at_s`` of the test or at ``after_onset_s`` of the cramp.
"""

# ruff: noqa: RUF009 (the functions called in class bodies make dataclass fields)

from __future__ import annotations

from dataclasses import dataclass, field

from charley.lab.schema import MISSING_FIELD, Number, flag, named, number, rows, table, text, word, words
from charley.neuromuscular import muscles

MUSCLES = muscles()
SYNONYMS = {
    "calf": "medial_gastrocnemius",
    "gastrocnemius": "medial_gastrocnemius",
    "gastrocnemius medialis": "medial_gastrocnemius",
    "gastrocnemius lateralis": "lateral_gastrocnemius",
    "triceps surae": "medial_gastrocnemius",
}
GROUPS = ("prone", "not prone", "mixed")
SITES = ("nerve", "motor_point")
BLOCKS = ("nerve", "tendon organ", "spindle", "group II", "Renshaw", "inward current")
DRINKS = ("none", "water", "ors", "sports drink")
SIPS = ("water", "pickle juice", "other")
WHENS = ("after", "during")
STATISTICS = ("mean", "share")
RIGHTS = ("above", "below", "about", "differs")
LONGEST_S = 3600.0
_ANGLE = "negative shortens the muscle"


@dataclass(frozen=True, slots=True)
class Ramp:
    """Trains of rising frequency, each followed by rest, until a cramp goes on for a second after one."""

    start_hz: float = number(4.0, 0.5, 200.0, "frequency of the first train")
    step_hz: float = number(2.0, 0.1, 100.0, "rise from one train to the next")
    stop_hz: float = number(60.0, 0.5, 200.0, "highest frequency that is given")
    train_s: float = number(2.0, 0.05, 60.0, "duration of a train")
    pulses: int | None = number(None, 1, 2000, "number of pulses of a train, instead of its duration", whole=True)
    rest_s: float = number(60.0, 0.0, 1800.0, "rest after a train without a cramp")
    site: str = word("nerve", SITES, "where the electrode is")
    motor_share: float = number(1.0, 0.0, 1.0, "motor axons that a pulse fires")
    sensory_share: float = number(1.0, 0.0, 1.0, "sensory axons that a pulse fires")
    current_pct: float | None = number(
        None, 1.0, 300.0, "current, per cent of that which fires half of the motor axons; replaces both shares"
    )


@dataclass(frozen=True, slots=True)
class Train:
    """One train of pulses."""

    frequency_hz: float = number(MISSING_FIELD, 0.5, 200.0, "pulses a second")
    for_s: float = number(2.0, 0.005, 600.0, "duration")
    at_s: float | None = number(None, 0.0, LONGEST_S, "start in the test")
    after_onset_s: float | None = number(None, 0.0, 600.0, "start after the cramp's onset")
    site: str = word("nerve", SITES, "where the electrode is")
    motor_share: float = number(1.0, 0.0, 1.0, "motor axons that a pulse fires")
    sensory_share: float = number(1.0, 0.0, 1.0, "sensory axons that a pulse fires")
    current_pct: float | None = number(
        None, 1.0, 300.0, "current, per cent of that which fires half of the motor axons; replaces both shares"
    )


@dataclass(frozen=True, slots=True)
class Effort:
    """A voluntary contraction, or several; it ends when the muscle would go on by itself."""

    level: float | None = number(
        None, 0.0, 1.0, "share of the drive of a maximal contraction; 1 where neither is there"
    )
    force: float | None = number(
        None, 0.01, 1.0, "share of the person's own maximal voluntary force, held by the drive that it takes"
    )
    for_s: float = number(60.0, 0.1, 600.0, "duration of one contraction")
    times: int = number(1, 1, 200, "number of contractions", whole=True)
    rest_s: float = number(0.0, 0.0, 600.0, "rest between them")
    at_s: float = number(0.0, 0.0, LONGEST_S, "start in the test")
    stop_at_cramp: bool = flag(True, "end it once the muscle would go on by itself")
    check_every_s: float = number(5.0, 0.5, 60.0, "how often that is looked at")


@dataclass(frozen=True, slots=True)
class Reflex:
    """Single shocks to the nerve of rising current, for the direct (M) and the reflex (H) wave."""

    from_pct: float = number(40.0, 1.0, 300.0, "first current, per cent of that which fires half of the motor axons")
    to_pct: float = number(160.0, 1.0, 300.0, "last current")
    step_pct: float = number(10.0, 0.5, 100.0, "rise from one to the next")
    each: int = number(2, 1, 50, "shocks of each current, whose waves are averaged", whole=True)
    every_s: float = number(4.0, 0.2, 60.0, "time from one shock to the next")
    at_s: float = number(1.0, 0.0, LONGEST_S, "first shock in the test")
    at_m_pct: float = number(20.0, 1.0, 90.0, "M wave, per cent of the largest, at which the H wave is compared")


@dataclass(frozen=True, slots=True)
class ForceTest:
    """What force the muscle gives to a stimulus and to a greatest effort: before the test, in the cramp and after it.

    A twin of the person is asked, so that the test itself goes on as without it.
    """

    frequency_hz: float = number(50.0, 0.5, 200.0, "pulses a second of the short train")
    for_s: float = number(0.5, 0.005, 5.0, "its duration")
    pulses: int | None = number(
        None, 1, 200, "its number of pulses, instead of the duration; 1 is a twitch", whole=True
    )
    effort_s: float = number(2.0, 0.5, 10.0, "duration of the greatest effort, of which the best half second counts")
    after_s: float = number(10.0, 0.0, LONGEST_S, "time from the cramp's end, or the test's without one")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A movement of the joint."""

    to_deg: float = number(MISSING_FIELD, -60.0, 60.0, f"joint angle at its end; {_ANGLE}")
    in_s: float = number(1.0, 0.02, 600.0, "duration of the movement")
    for_s: float | None = number(None, 0.0, LONGEST_S, "how long it is held; without it, to the end")
    at_s: float | None = number(None, 0.0, LONGEST_S, "start in the test")
    after_onset_s: float | None = number(None, 0.0, 600.0, "start after the cramp's onset")


@dataclass(frozen=True, slots=True)
class Shock:
    """Electrical shocks to the tendon, which fire its Golgi organs."""

    at_s: float | None = number(None, 0.0, LONGEST_S, "first shock in the test")
    after_onset_s: float | None = number(None, 0.0, 600.0, "first shock after the cramp's onset")
    times: int = number(1, 1, 500, "number of shocks", whole=True)
    every_s: float = number(1.0, 0.01, 60.0, "time from one to the next")
    rate_hz: float = number(200.0, 0.0, 500.0, "discharge of the tendon organs in a shock")
    for_ms: float = number(20.0, 1.0, 1000.0, "duration of that discharge")


@dataclass(frozen=True, slots=True)
class Vibrate:
    """Vibration of the tendon, which spindles follow."""

    frequency_hz: float = number(MISSING_FIELD, 1.0, 200.0, "cycles a second")
    for_s: float = number(10.0, 0.1, 600.0, "duration")
    share: float = number(0.5, 0.0, 1.0, "part of the spindle endings that follow each cycle")
    at_s: float | None = number(None, 0.0, LONGEST_S, "start in the test")
    after_onset_s: float | None = number(None, 0.0, 600.0, "start after the cramp's onset")


@dataclass(frozen=True, slots=True)
class Sip:
    """A drink that acts by its taste, before anything is absorbed."""

    of: str = word(MISSING_FIELD, SIPS, "what is drunk; other needs a strength", {"vinegar": "pickle juice"})
    ml_per_kg: float = number(1.0, 0.0, 20.0, "amount for each kg of body mass")
    strength: float | None = number(None, 0.0, 5.0, "effect on the throat; 1 is pickle juice, 1 mL/kg")
    at_s: float | None = number(None, 0.0, LONGEST_S, "time in the test")
    after_onset_s: float | None = number(None, 0.0, 600.0, "time after the cramp's onset")


@dataclass(frozen=True, slots=True)
class Cuff:
    """A cuff that stops the blood flow."""

    for_s: float = number(MISSING_FIELD, 0.1, LONGEST_S, "duration")
    at_s: float | None = number(None, 0.0, LONGEST_S, "start in the test")
    after_onset_s: float | None = number(None, 0.0, 600.0, "start after the cramp's onset")


@dataclass(frozen=True, slots=True)
class Inhibit:
    """Inhibition of all motor neurons from elsewhere, such as an effort of the antagonists."""

    size: float = number(MISSING_FIELD, 0.0, 5.0, "conductance, in leak conductances; 0.05 is strong")
    for_s: float = number(2.0, 0.005, LONGEST_S, "duration")
    at_s: float | None = number(None, 0.0, LONGEST_S, "start in the test")
    after_onset_s: float | None = number(None, 0.0, 600.0, "start after the cramp's onset")


Event = Train | Stretch | Shock | Vibrate | Sip | Cuff | Inhibit


@dataclass(frozen=True, slots=True)
class Before:
    """One thing done before the test: one of effort, force, hold_deg, train_hz, cramp, sip, cuff, or only a rest."""

    effort: float | None = number(None, 0.0, 1.0, "voluntary contraction, share of the drive of a maximal one")
    force: float | None = number(None, 0.01, 1.0, "voluntary contraction, share of the maximal voluntary force")
    hold_deg: float | None = number(None, -60.0, 60.0, f"hold the joint at this angle; {_ANGLE}")
    train_hz: float | None = number(None, 0.5, 200.0, "a train of pulses to the nerve")
    cramp: str | None = word(
        None, ("effort", "train"), "make a cramp, by 30 s of greatest effort or 2 s at 40 Hz, and wait it out"
    )
    sip: str | None = word(None, SIPS, "drink something that acts by its taste", {"vinegar": "pickle juice"})
    strength: float | None = number(None, 0.0, 5.0, "strength of that sip; 1 is pickle juice, 1 mL/kg")
    cuff: bool = flag(False, "stop the blood flow")
    rest_min: float | None = number(None, 0.0, 600.0, "rest, in minutes")
    rest_s: float | None = number(None, 0.0, 3600.0, "rest, in seconds; between repetitions if there are several")
    for_s: float = number(10.0, 0.02, LONGEST_S, "duration of effort, force, hold, train or cuff")
    times: int = number(1, 1, 200, "repetitions", whole=True)
    at_deg: float | None = number(None, -60.0, 60.0, "joint angle for it; without it, that of the test")


@dataclass(frozen=True, slots=True)
class Fluid:
    """What was sweated and drunk; the shift of ions follows from body water and sodium."""

    lost_pct: float = number(0.0, 0.0, 8.0, "body mass lost by sweat, per cent")
    sweat_sodium_mmol_l: float | None = number(None, 5.0, 120.0, "sodium of the sweat; without it, that of athletes")
    sodium_before_mmol_l: float = number(140.0, 125.0, 155.0, "plasma sodium before")
    mass_kg: float = number(70.0, 30.0, 160.0, "body mass")
    drink: str = word("none", DRINKS, "what is drunk", {"oral rehydration solution": "ors", "plain water": "water"})
    drunk_share: float = number(1.0, 0.0, 2.0, "amount drunk, as a share of the loss")
    drink_sodium_mmol_l: float | None = number(None, 0.0, 250.0, "sodium of the drink, instead of what its name says")
    drink_potassium_mmol_l: float | None = number(None, 0.0, 100.0, "potassium of the drink, likewise")
    when: str = word("after", WHENS, "whether it is drunk after the loss or during it")
    during_min: float = number(60.0, 1.0, 1440.0, "how long losing took, for a drink during it")
    minutes_after: float = number(30.0, 0.0, 1440.0, "time from the drink (after) or the end (during) to the test")


@dataclass(frozen=True, slots=True)
class Training:
    """Weeks of cramps made on purpose."""

    weeks: float = number(MISSING_FIELD, 0.0, 52.0, "duration")
    per_week: float = number(2.0, 0.1, 14.0, "sessions a week")
    cramps: bool = flag(True, "whether the sessions bring cramps; without them nothing changes")
    days_after: float = number(0.0, 0.0, 365.0, "days from the last session to the test")


@dataclass(frozen=True, slots=True)
class Setup:
    """One condition: who, in what state and position, and what is done. On top of a file: for all conditions."""

    # who
    muscle: str = word(
        "medial_gastrocnemius", MUSCLES, "muscle; calf is its medial head", SYNONYMS, code="protocol-muscle"
    )
    group: str = word("mixed", GROUPS, "people who cramp on demand, who do not, or as they come")
    prone_share: float | None = number(None, 0.0, 1.0, "share of cramp-prone people in a mixed group")
    subjects: int = number(8, 1, 500, "virtual subjects", whole=True)
    day: int = number(1, 1, 1000, "another day, another noise in the same person", whole=True)
    tendon_organ_gain: float = number(1.0, 0.0, 5.0, "factor on each person's tendon organ")
    spindle_gain: float = number(1.0, 0.0, 5.0, "factor on each person's spindle")
    excitability_mv: float = number(0.0, -5.0, 5.0, "added to each person's activation voltages; negative excites")
    trait_mv: float | None = number(None, -3.0, 5.0, "the same activation voltages for all, instead of drawn ones")
    matched_hz: float | None = number(
        None,
        2.0,
        80.0,
        "people as a study had them: voltages are moved together until the rested mean threshold is this",
    )
    constants: tuple[tuple[str, float], ...] = named(
        Number(-1e6, 1e6, "value"), "constants of the motor pool by id, for a study of sensitivity"
    )
    # in what state
    slow_fatigue: float = number(0.0, 0.0, 1.0, "fatigue of hours, which sensitises")
    fast_fatigue: float = number(0.0, 0.0, 1.0, "fatigue of minutes, which protects")
    ion_shift_mv: float = number(0.0, -5.0, 5.0, "shift of activation voltages by ions, beside that of the fluids")
    temperature_c: float = number(37.0, 15.0, 43.0, "temperature of muscle and nerve")
    pain: float = number(0.0, 0.0, 1.0, "pain in the muscle; 1 is an injection of strong saline")
    metabolites: float = number(0.0, 0.0, 3.0, "metabolites of work")
    sensitisation: float = number(0.0, 0.0, 1.0, "after-effect of a cramp; 1 right after a long one")
    adaptation: float = number(0.0, 0.0, 1.0, "state after weeks of cramps made on purpose")
    fluid: Fluid | None = table(Fluid, "sweat and drink")
    downhill_run: bool = flag(False, "right after 45 min of running downhill; its fatigue was set by E08")
    training: Training | None = table(Training, "weeks of cramps made on purpose")
    before: tuple[Before, ...] = rows(Before, "what is done before the test, in order")
    # in what position
    joint_deg: float | None = number(None, -60.0, 60.0, f"ankle (calf) or big toe (foot); {_ANGLE}")
    ankle_deg: float | None = number(None, -60.0, 60.0, "the same, for a calf muscle")
    toe_deg: float | None = number(None, -60.0, 60.0, "the same, for a muscle of the foot")
    knee_deg: float = number(0.0, 0.0, 130.0, "bending of the knee; a bent knee shortens gastrocnemius")
    # what is done
    ramp: Ramp | None = table(Ramp, "find the cramp threshold frequency")
    train: tuple[Train, ...] = rows(Train, "trains of pulses")
    effort: Effort | None = table(Effort, "voluntary contraction")
    reflex: Reflex | None = table(Reflex, "find the M and the H wave, at rest or in an effort")
    force_test: ForceTest | None = table(ForceTest, "force of stimulus and effort before, in and after the cramp")
    watch_s: float = number(5.0, 0.0, LONGEST_S, "least time to go on recording after the last thing done")
    cramp_s: float = number(1.0, 0.5, 60.0, "how long the muscle has to go on by itself for that to be a cramp")
    follow_s: float = number(300.0, 1.0, 1800.0, "longest time that a cramp is watched")
    block: tuple[str, ...] = words(BLOCKS, "paths that are blocked; nerve: all of it, above the electrode")
    block_after_onset_s: float | None = number(None, 0.0, 600.0, "block only from then on (nerve and tendon organ)")
    stretch: tuple[Stretch, ...] = rows(Stretch, "movements of the joint")
    tendon_shock: tuple[Shock, ...] = rows(Shock, "shocks to the tendon")
    vibration: tuple[Vibrate, ...] = rows(Vibrate, "vibration of the tendon")
    sip: tuple[Sip, ...] = rows(Sip, "drinks that act by their taste")
    cuff: tuple[Cuff, ...] = rows(Cuff, "stopped blood flow")
    inhibit: tuple[Inhibit, ...] = rows(Inhibit, "inhibition from elsewhere")
    background: float = number(0.0, 0.0, 1.0, "voluntary drive throughout, share of a maximal contraction")
    gamma_static: float = number(1.0, 0.0, 5.0, "static fusimotor drive; arousal raises it")
    gamma_dynamic: float = number(1.0, 0.0, 5.0, "dynamic fusimotor drive")

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything that happens at a time of its own, whatever its kind."""
        return (
            *self.train, *self.stretch, *self.tendon_shock, *self.vibration, *self.sip, *self.cuff, *self.inhibit,
        )  # fmt: skip

    @property
    def angle_deg(self) -> float | None:
        """Joint angle at the start; None is the muscle's usual test position."""
        return next((a for a in (self.joint_deg, self.ankle_deg, self.toe_deg) if a is not None), None)


@dataclass(frozen=True, slots=True)
class Scale:
    """Sets arbitrary units: the condition ``by`` is worth what was published as ``to``."""

    by: str = text(MISSING_FIELD, "condition whose mean sets the scale")
    to: str = text(MISSING_FIELD, "outcome that it is worth")


@dataclass(frozen=True, slots=True)
class Measure:
    """One outcome: what is measured in which condition, and what it is compared with."""

    what: str = text(MISSING_FIELD, "name of a measure")
    of: str | None = text(None, "condition; needed where there are several")
    minus: str | None = text(None, "condition that is taken off, person by person")
    over: str | None = text(None, "condition that divides, person by person")
    statistic: str = word("mean", STATISTICS, "mean over people, or per cent of people in whom it is above the cut")
    above: float = number(0.0, -1e6, 1e6, "the cut for statistic = share")
    factor: float = number(1.0, -1e6, 1e6, "the value is multiplied by this, for the published unit")
    matched: bool = flag(False, "the group was matched to this number, so it is shown and not judged")
    scale: Scale | None = table(Scale, "for quantities without a unit of their own, such as EMG")
    right: str | None = word(None, RIGHTS, "right sign, where no number exists: against the key than")
    than: float = number(0.0, -1e6, 1e6, "what right compares with")
    within: float | None = number(None, 0.0, 1e6, "how far it may be off, for right = about and where no spread exists")
    # for an experiment that is not among the shipped ones
    published: float | None = number(None, -1e6, 1e6, "published mean")
    spread: float | None = number(None, 1e-9, 1e6, "its spread")
    spread_kind: str = word("SD", ("SD", "SE"), "kind of that spread")
    n: int | None = number(None, 1, 1_000_000, "people behind it", whole=True)
    unit: str | None = text(None, "unit, for the table")
    quantity: str | None = text(None, "its name, for the table")


@dataclass(frozen=True, slots=True)
class Condition:
    """A setup under a name."""

    name: str
    setup: Setup


@dataclass(frozen=True, slots=True)
class LabProtocol:
    """A whole protocol, checked."""

    id: str
    title: str
    conditions: tuple[Condition, ...]
    measures: tuple[tuple[str, Measure], ...]
    cannot_measure: tuple[tuple[str, str], ...] = ()
    experiment: str | None = None
    cannot: str = ""
    note: str = ""
    headline: str = ""
    picture: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    seed: int = 1
    sources: tuple[str, ...] = field(default=())

    def condition(self, name: str) -> Condition:
        """The condition of that name."""
        return next(c for c in self.conditions if c.name == name)
