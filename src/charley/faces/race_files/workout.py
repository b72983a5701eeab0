"""The plan as a FIT workout: one step to each station, its pace as target, the ceiling in its name.

A watch announces each step when it begins, which is just past a station: its name says what may be drunk at the next.
"""

from __future__ import annotations

from datetime import UTC, datetime

from charley.faces.race_files import plan_text
from charley.vocabulary.race import Plan, RaceAnswer

NAME_BYTES, NOTE_BYTES = 15, 100  # what watches show of a step's name; what they keep of its note
EITHER_WAY = 0.02  # of the target pace


def fit(a: RaceAnswer, p: Plan, now: datetime | None = None) -> bytes:
    """The bytes of the file. Distances in metres, speeds in m/s, as the FIT profile says."""
    from fit_tool.fit_file_builder import FitFileBuilder
    from fit_tool.profile.messages.file_id_message import FileIdMessage
    from fit_tool.profile.messages.workout_message import WorkoutMessage
    from fit_tool.profile.messages.workout_step_message import WorkoutStepMessage
    from fit_tool.profile.profile_type import (
        FileType,
        Intensity,
        Manufacturer,
        Sport,
        WorkoutStepDuration,
        WorkoutStepTarget,
    )

    made = now or datetime.now(UTC)
    head = FileIdMessage()
    head.type = FileType.WORKOUT
    head.manufacturer = Manufacturer.DEVELOPMENT.value
    head.product = 1
    head.serial_number = int(made.timestamp()) & 0xFFFFFFFF
    head.time_created = round(made.timestamp() * 1000)
    workout = WorkoutMessage()
    workout.workout_name = _fits(plan_text.title(a), NAME_BYTES)
    workout.sport = Sport.RUNNING
    workout.num_valid_steps = len(p.segments)
    builder = FitFileBuilder(auto_define=True, min_string_size=NAME_BYTES + 1)
    builder.add_all([head, workout])
    for i, s in enumerate(p.segments):
        step = WorkoutStepMessage()
        step.message_index = i
        step.workout_step_name = _fits(_name(a, p, i), NAME_BYTES)
        step.notes = _fits(_note(a, p, i), NOTE_BYTES)
        step.intensity = Intensity.ACTIVE
        step.duration_type = WorkoutStepDuration.DISTANCE
        step.duration_distance = s.to_m - s.from_m
        step.target_type = WorkoutStepTarget.SPEED
        step.target_value = 0
        step.custom_target_speed_low = s.speed_m_s * (1 - EITHER_WAY)
        step.custom_target_speed_high = s.speed_m_s * (1 + EITHER_WAY)
        builder.add(step)
    return bytes(builder.build().to_bytes())


def _name(a: RaceAnswer, p: Plan, i: int) -> str:
    """What is shown when the step begins: where to, and at most how much to drink there."""
    s = p.segments[i]
    drink = plan_text.ceiling(s, a.race.cup_l).replace("½", ".5")
    return f"{plan_text.place(s, 'metric')}k" + (f" max {drink}" if drink else "")


def _note(a: RaceAnswer, p: Plan, i: int) -> str:
    s = p.segments[i]
    drink, food = plan_text.ceiling(s, a.race.cup_l), plan_text.food(s)
    parts = [
        f"At {plan_text.place(s, 'metric')} km, {plan_text.hours_minutes(s.clock_s)}",
        f"drink to thirst, never more than {drink}" if drink else "",
        f"{food} of carbohydrate on the way" if food else "",
    ]
    return ": ".join([parts[0], "; ".join(part for part in parts[1:] if part)]).rstrip(": ")


def _fits(text: str, most: int) -> str:
    """A text of at most so many bytes."""
    return text.encode("utf-8")[:most].decode("utf-8", errors="ignore")
