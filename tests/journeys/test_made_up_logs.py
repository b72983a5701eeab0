"""The made-up set of runners: the same to the byte, in the open format, and scored as it should be."""

from __future__ import annotations

import json

import jsonschema
import made_up_logs as made
import pytest

from charley.journal import cramp_log

RUNNERS = 20


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made-up")
    return folder, made.write(folder, RUNNERS, workers=1)


def test_the_first_twenty_runners_are_the_same_to_the_byte(out) -> None:
    """The digest stands in docs/cramp-log.md; that of all 10,000 is checked by the script itself."""
    _, digest = out
    assert digest == made.DIGESTS[RUNNERS]
    text = (made.Path(made.__file__).parents[1] / "docs" / "cramp-log.md").read_text(encoding="utf-8")
    assert all(known in text for known in made.DIGESTS.values())


def test_the_logs_are_in_the_open_format_and_say_nothing_of_what_is_held_back(out) -> None:
    folder, _ = out
    logs, truths = list(made.lines(folder / made.LOGS)), list(made.lines(folder / made.TRUTH))
    assert len(logs) == len(truths) == RUNNERS
    for log, truth in zip(logs, truths, strict=True):
        found = cramp_log.parsed(json.dumps(log).encode(), "made up")
        assert set(found.foreign) <= {"components"}
        held_back = {run["id"] for run in log["runs"][truth["held_back_from"] :]}
        assert held_back
        assert not [e for e in log["entries"] if e["run"] in held_back and e["what"] != "shoes"]
    jsonschema.validate(logs[0], cramp_log.schema())


def test_true_chances_and_shares_get_the_best_score_and_a_constant_the_known_one(out) -> None:
    """Of the same runs the Brier score of the truth is ``brier_of_truth``; that of one half is a quarter, and its log
    loss ln 2."""
    folder, _ = out
    truths = list(made.lines(folder / made.TRUTH))
    known = made.score(
        folder,
        [{"runner": t["runner"], "chance": [c or 0.0 for c in t["chance"]], "shares": t["shares"]} for t in truths],
    )
    half = made.score(
        folder, [{"runner": t["runner"], "chance": [0.5] * len(t["chance"]), "shares": {}} for t in truths]
    )
    plain = made.score(folder, made.baseline(folder))
    assert known["brier"] == known["brier_of_truth"]
    assert known["attribution_rms"] == known["attribution_error"] == 0.0
    assert (half["brier"], half["log_loss"]) == (0.25, 0.6931)
    assert known["brier"] < plain["brier"] < half["brier"]
    assert plain["attribution_rms"] > 0.1


def test_a_method_that_leaves_runners_out_is_told_so(out) -> None:
    folder, _ = out
    with pytest.raises(SystemExit, match="runner 0"):
        made.score(folder, [])
