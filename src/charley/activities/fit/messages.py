"""What both FIT decoders hand over: raw numbers by field number, before any scale. One row a ``record`` message."""

from __future__ import annotations

from dataclasses import dataclass, field

from charley.activities import limits
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import Warned

OTHER_MESSAGES = 200_000  # sessions, events and file ids together; honest files have hundreds

Fields = dict[int, float | str]  # field number -> raw number or text; what is missing is not there


@dataclass(slots=True)
class FitMessages:
    """The content of a FIT file. ``columns`` and ``developer`` hold float64 arrays of shape (records,), NaN = missing.

    ``packed_speed_distance`` is field 8 of a record as a 24-bit number. ``developer`` maps name -> (unit, values).
    ``others`` are file ids, sessions, sport and event messages in file order, as (message number, fields).
    ``part_rows`` and ``part_others`` say with which record and which other message each part of a chain begins.
    """

    records: int
    columns: dict[int, Floats]
    packed_speed_distance: Floats | None
    developer: dict[str, tuple[str, Floats]]
    others: list[tuple[int, Fields]]
    part_rows: list[int] = field(default_factory=list)
    part_others: list[int] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    def of(self, message: int) -> list[Fields]:
        """All kept messages of one kind."""
        return [fields for number, fields in self.others if number == message]

    def of_part(self, part: int, message: int) -> list[Fields]:
        """The kept messages of one kind in one part of a chain."""
        edges = [*self.part_others, len(self.others)]
        return [fields for number, fields in self.others[edges[part] : edges[part + 1]] if number == message]


def check_counts(records: int, others: int, file_name: str) -> None:
    """Raise RunFileError (file-limits) when a file holds more messages than any recording can."""
    if records > limits.RECORDS:
        raise limits.too_large(file_name, f"more than {limits.RECORDS} records")
    if others > OTHER_MESSAGES:
        raise limits.too_large(file_name, f"more than {OTHER_MESSAGES} sessions and events")
