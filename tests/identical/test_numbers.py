"""The typed records and the quick tables are what the evidence tables make now, and an old one is never believed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from charley.evidence import parameters, tables
from charley.evidence.citations import rooms_with_parameters
from charley.evidence.numbers import filling
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.errors import EvidenceError

ROOT = Path(__file__).resolve().parents[2]


def maker():
    spec = importlib.util.spec_from_file_location("make_numbers", ROOT / "scripts" / "make_numbers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_made_is_current():
    made = maker().files()
    old = [path.name for path, text in made.items() if path.read_text(encoding="utf-8") != text]
    assert not old, "run: python scripts/make_numbers.py"
    folders = {path.parent for path in made}
    kept = {path for folder in folders for path in folder.iterdir() if path.suffix in (".py", ".json")}
    assert {path.name for path in kept - set(made)} == {"__init__.py", "filling.py"}


@pytest.mark.parametrize("room", rooms_with_parameters())
def test_a_record_holds_the_values_of_its_table(room):
    module = importlib.import_module(f"charley.evidence.numbers.{room}")
    record = getattr(module, room.upper())
    rows = {key: row.value for key, row in parameters(room).items() if "." not in key}
    assert record._asdict() == rows


def test_a_series_is_its_coefficients_lowest_power_first():
    # Minetti et al. 2002, running: 155.4 i^5 - 30.4 i^4 - 43.3 i^3 + 46.3 i^2 + 19.5 i + 3.6
    assert BODY.running_cost == (3.6, 19.5, 46.3, -43.3, -30.4, 155.4)


@pytest.mark.parametrize(
    "names", [BodyNumbers._fields[1:], (*BodyNumbers._fields, "invented"), BodyNumbers._fields[::-1]]
)
def test_a_record_that_is_not_its_table_is_refused(names):
    with pytest.raises(EvidenceError, match=r"make_numbers\.py"):
        filling.values("body", names)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of tables with one row, quick file included."""
    (tmp_path / "built").mkdir()
    table = tmp_path / "tiny.toml"
    table.write_text('[[row]]\nid = "a"\nvalue = 1.5\n', encoding="utf-8")
    (tmp_path / "built" / "tiny.json").write_text(maker().built(table), encoding="utf-8")
    monkeypatch.setattr(tables, "DATA", tmp_path)
    return tmp_path


def test_the_quick_file_gives_the_rows(folder, monkeypatch):
    monkeypatch.setattr(tables, "parsed", lambda *_: pytest.fail("the TOML was parsed"))
    assert tables.table.__wrapped__("tiny") == ({"id": "a", "value": 1.5},)


def test_an_edited_table_is_read_itself(folder):
    (folder / "tiny.toml").write_text('[[row]]\nid = "a"\nvalue = 2.5\n', encoding="utf-8")
    assert tables.table.__wrapped__("tiny") == ({"id": "a", "value": 2.5},)


def test_a_table_without_a_quick_file_is_read_itself(folder):
    (folder / "built" / "tiny.json").unlink()
    assert tables.table.__wrapped__("tiny") == ({"id": "a", "value": 1.5},)
