"""Writes what is made from the evidence tables for the models: `python scripts/make_numbers.py`; a test compares them.

* ``src/charley/evidence/numbers/<room>.py``: the ids of a room's parameters as one typed record, so that an editor and
  a type checker know each name.
* ``src/charley/evidence/data/built/<table>.json``: the rows of each table in a form that is read thirty times faster
  than TOML. A table that was edited since is read itself, so a built file can be old but never wrong.
"""

from __future__ import annotations

import json
import re
import textwrap
import zlib
from pathlib import Path

from charley.evidence import parameters
from charley.evidence.citations import rooms_with_parameters
from charley.evidence.tables import parsed
from charley.vocabulary.evidence import Parameter

EVIDENCE = Path(__file__).resolve().parents[1] / "src" / "charley" / "evidence"
WIDTH = 118


def record(room: str) -> str:
    """The module of a room's record: one field a parameter, its value, unit and place in the source beside it."""
    rows = {key: row for key, row in parameters(room).items() if "." not in key}
    name = f"{room.capitalize()}Numbers"
    lines = [
        f'"""The numbers of ``{room}``, by id. Made from parameters_{room}.toml by scripts/make_numbers.py."""',
        "",
        # without postponed annotations, each of which NamedTuple would compile when the module is imported
        "from typing import NamedTuple",
        "",
        "from charley.evidence.numbers.filling import values",
        "",
        "",
        f"class {name}(NamedTuple):",
        f'    """One field a row of parameters_{room}.toml."""',
        "",
    ]
    for row in rows.values():
        lines.append(_field(row))
    for prefix, size in _series(rows).items():
        ids = [f"{prefix}_{i}" for i in range(size)]
        lines += [
            "",
            "    @property",
            f"    def {prefix}(self) -> tuple[{', '.join(['float'] * size)}]:",
            f'        """Coefficients ``{ids[0]}`` to ``{ids[-1]}``, lowest power first."""',
            *_tuple(ids),
        ]
    lines += ["", "", f'{room.upper()} = {name}._make(values("{room}", {name}._fields))', ""]
    return "\n".join(lines)


def _field(row: Parameter) -> str:
    """The field, with its value, unit and place in the source behind it, cut to a line: whole they stand in the table."""
    said = f"{row.value:g}{'' if row.unit == '1' else ' ' + row.unit}: {row.where}"
    field = f"    {row.id}: float  # "
    return field + textwrap.shorten(said, WIDTH + 2 - len(field), placeholder=" …")


def _series(rows: dict[str, Parameter]) -> dict[str, int]:
    """Prefixes of ids that end in _0, _1, ..., with how many there are."""
    found: dict[str, int] = {}
    for key in rows:
        match = re.fullmatch(r"(.+)_(\d+)", key)
        if match and int(match[2]) == found.get(match[1], 0):
            found[match[1]] = found.get(match[1], 0) + 1
    return found


def _tuple(ids: list[str]) -> list[str]:
    line = f"        return {', '.join(f'self.{i}' for i in ids)}"
    if len(line) <= WIDTH + 2:
        return [line]
    return ["        return (", *(f"            self.{i}," for i in ids), "        )"]


def built(table: Path) -> str:
    """A table as JSON, one row a line, with the check sum of what it was made from."""
    content = table.read_bytes()
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in parsed(content, table.name))
    return f'{{"crc32": {zlib.crc32(content)}, "rows": [\n{lines}\n]}}\n'


def files() -> dict[Path, str]:
    """Every file that is made, with its text."""
    made = {EVIDENCE / "numbers" / f"{room}.py": record(room) for room in rooms_with_parameters()}
    for table in sorted((EVIDENCE / "data").glob("*.toml")):
        made[EVIDENCE / "data" / "built" / f"{table.stem}.json"] = built(table)
    return made


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(EVIDENCE.parents[2])}")
