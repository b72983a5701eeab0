"""The ledger of predictions: nothing filed can change unseen, and every experiment in it is read and runs."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace

import predictions
import predictions_page
import pytest

TEXT = predictions.LEDGER.read_text(encoding="utf-8")
FILED = predictions.ledger()
# How many lines were filed on a day, and the hash of the last of them: written here once, when they were filed, so that
# a ledger that was made anew with all its hashes shows. A new edition adds a row; no row changes.
EDITIONS = ((36, "6fb57dbe9e47b3df"), (52, "4c0dfa8eeffd4911"))
ASKED = [name for name, protocol in predictions.protocols().items() if not protocol.cannot]


@pytest.mark.parametrize(("lines", "last"), EDITIONS)
def test_what_was_filed_is_what_stands_there(lines, last):
    assert FILED[lines - 1].hash == last


def test_every_line_belongs_to_an_edition():
    assert len(FILED) == EDITIONS[-1][0]


@pytest.mark.parametrize("field", ["mean", "sd", "low", "high", "n", "asked", "quantity", "unit", "date", "model"])
def test_a_changed_filed_value_is_found(field):
    lines = TEXT.splitlines()
    at = next(k for k, f in enumerate(FILED) if f.mean is not None)
    values = json.loads(lines[at])
    values[field] = values[field] + 1 if isinstance(values[field], int | float) else "other"
    lines[at] = json.dumps(values, ensure_ascii=False)
    with pytest.raises(ValueError, match=f"line {at + 1} of the ledger"):
        predictions.ledger("\n".join(lines))


def test_a_line_taken_out_is_found():
    lines = TEXT.splitlines()
    with pytest.raises(ValueError, match="line 2 of the ledger"):
        predictions.ledger("\n".join([lines[0], *lines[2:]]))


def test_a_model_files_an_outcome_once():
    with pytest.raises(ValueError, match="filed before by the same model"):
        predictions.ledger(predictions.appended(TEXT, [FILED[0]]))


def test_another_model_files_beside_the_old_line():
    new = predictions.ledger(predictions.appended(TEXT, [replace(FILED[0], model="another", mean=1.0)]))
    assert new[: len(FILED)] == FILED
    assert new[-1].before == FILED[-1].hash


def test_each_protocol_is_the_one_that_was_filed():
    last = {f.experiment: f.protocol for f in FILED}
    assert last == {n: predictions.protocol_digest(predictions.PLACE / "protocols" / f"{n}.toml") for n in last}
    assert set(last) == set(ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_each_experiment_runs_on_one_person(name):
    pytest.importorskip("numba")
    found = predictions.predicted(name, subjects=1)
    assert [f.id for f in found] == [f.id for f in {f.id: f for f in FILED if f.experiment == name}.values()]
    assert all(f.asked == 1 and f.n <= 1 for f in found)
    assert any(f.mean is not None for f in found)


def test_the_digest_of_the_model_is_of_numbers_and_equations_not_of_comments():
    bare = predictions._bare
    code = 'def f(x):\n    """Says."""\n    return x + 1  # one\n'
    assert bare(code) == bare("def f(x):\n    return x + 1\n")
    assert bare(code) != bare(code.replace("1", "2"))


def test_only_filed_outcomes_are_compared():
    assert set(predictions_page.published()) <= {f.id for f in FILED}


def test_each_row_that_was_read_says_where_and_one_thing():
    rows = tomllib.loads(predictions.COMPARED.read_text(encoding="utf-8"))["outcome"]
    for key, row in rows.items():
        assert row["read"].startswith("Read: "), key
        assert sum(k in row for k in ("mean", "right", "note")) == 1, key
        assert row.get("right", "above") in ("above", "below"), key


def test_the_page_is_current():
    assert predictions.PAGE.read_text(encoding="utf-8") == predictions_page.page(), (
        "run: python scripts/predictions.py --pages"
    )


@pytest.mark.parametrize(
    ("mean", "sd", "paper", "told"),
    [  # the page's rule by hand: 2 SE; without a printed spread 1.96 * 3 * sqrt(1/9 + 1/40) = 2.17
        (10.0, 3.0, {"mean": 12.0, "spread": 3.0, "spread_kind": "SD", "n": 9}, "agrees"),
        (10.0, 3.0, {"mean": 12.1, "spread": 3.0, "spread_kind": "SD", "n": 9}, "misses"),
        (10.0, 3.0, {"mean": 12.1, "n": 9}, "agrees"),
        (10.0, 3.0, {"mean": 12.2, "n": 9}, "misses"),
        (None, None, {"mean": 12.0, "n": 9}, "misses"),
        (1.0, 3.0, {"right": "above"}, "agrees"),  # its own SE is 3 / sqrt(40) = 0.474
        (0.9, 3.0, {"right": "above"}, "misses"),
        (1.0, 3.0, {"right": "below"}, "misses"),
        (10.0, 3.0, {"note": "asked something else"}, "not comparable"),
        (10.0, 3.0, None, "not yet compared"),
    ],
)
def test_the_rule_of_the_page(mean, sd, paper, told):
    filed = replace(FILED[0], mean=mean, sd=sd, n=40)
    known = None if paper is None else predictions_page._published("x", {"read": "here", **paper})
    assert predictions_page.verdict(filed, known)[0] == told
