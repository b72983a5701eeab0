"""Cohorts: the same counts whatever the chunks, the order, a stop and a resume; what cannot be is one coded line.

Oracle: the run of the same order in one piece; arithmetic on whole numbers; the baseline's own incidence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from charley.api import cohort as api
from charley.cohort import checkpoint, draw
from charley.cohort.checkpoint import Checkpoint
from charley.cohort.field import field_of, field_text, known_fields
from charley.cohort.people import people_of
from charley.cohort.run import Done, Order, chunk_size, run
from charley.cohort.simulate import outcomes_of, setting_of
from charley.cohort.summary import Summary
from charley.cohort.tally import QUANTITIES, SHAPES, Tally, tally_of
from charley.cohort.worlds import worlds_of
from charley.faces.cli.main import cli as group
from charley.faces.cli.main import run as cli
from charley.faces.report.cohort import pictures
from charley.parallel.tasks import Task, ThisProcess
from charley.vocabulary.errors import CharleyError, InputError

TEXT, _ = field_text("boston-2004")
RUNNERS = 301


@pytest.fixture(scope="module")
def whole() -> Tally:
    return run(Order(TEXT, RUNNERS, 7), ThisProcess(), size=RUNNERS).tally


def test_a_runner_is_the_same_in_any_chunk() -> None:
    alone, among = draw.uniforms(5, 137, 1), draw.uniforms(5, 100, 64)
    assert np.array_equal(alone[:, 0], among[:, 37])
    assert not np.array_equal(among[:, 0], draw.uniforms(6, 100, 64)[:, 0])
    one, many = outcomes_of(TEXT, 7, 37, 1), outcomes_of(TEXT, 7, 0, 61)
    assert one.finish_s[0] == pytest.approx(many.finish_s[37], rel=1e-12)
    assert one.core_c[0] == pytest.approx(many.core_c[37], rel=1e-12)
    assert one.chance[0] == pytest.approx(many.chance[37], rel=1e-9)


@pytest.mark.parametrize("size", [53, 150])
def test_the_digest_hangs_on_no_chunk_size(whole: Tally, size: int) -> None:
    order = Order(TEXT, RUNNERS, 7)
    assert run(order, ThisProcess(), size=size).tally.digest(order.question()) == whole.digest(order.question())


def test_every_runner_is_counted_once(whole: Tally) -> None:
    assert whole.runners == RUNNERS
    for name in QUANTITIES:
        assert whole.counts[f"of_{name}"].sum() == RUNNERS
    for name in ("by_km", "by_slot", "by_km_slot", "group_cramps"):
        assert whole.counts[name].sum() == whole.counts["cramps"].sum() > 0


class Stopped(ThisProcess):
    """Does some chunks, then is killed."""

    def __init__(self, after: int) -> None:
        self.after = after

    def run(self, tasks: Iterator[Task[Done]]) -> Iterator[Done]:
        for k, done in enumerate(super().run(tasks)):
            if k == self.after:
                raise KeyboardInterrupt
            yield done


class Twice(ThisProcess):
    """Does every chunk, and hands it in twice, the last first."""

    def run(self, tasks: Iterator[Task[Done]]) -> Iterator[Done]:
        done = list(super().run(tasks))[::-1]
        yield from [*done, *done]


def test_a_chunk_that_comes_twice_counts_once_in_any_order(whole: Tally) -> None:
    order = Order(TEXT, RUNNERS, 7)
    ran = run(order, Twice(), size=120)
    assert ran.complete
    assert ran.tally.digest(order.question()) == whole.digest(order.question())


def test_a_stopped_run_goes_on_to_the_same_digest(whole: Tally, tmp_path) -> None:
    order, kept = Order(TEXT, RUNNERS, 7), Checkpoint(tmp_path / "c.npz")
    with pytest.raises(KeyboardInterrupt):
        run(order, Stopped(2), kept, size=60)
    tally, done = kept.load(order.question())
    assert done == [(0, 120)]
    assert tally.runners == 120
    went_on = run(order, ThisProcess(), kept, size=97)  # in other chunks than before
    assert went_on.complete
    assert went_on.tally.digest(order.question()) == whole.digest(order.question())


def test_a_checkpoint_of_another_version_is_refused_and_kept(tmp_path, monkeypatch) -> None:
    order, kept = Order(TEXT, 10, 7), Checkpoint(tmp_path / "c.npz")
    run(order, ThisProcess(), kept)
    before = kept.path.read_bytes()
    monkeypatch.setattr("charley.cohort.run.MODEL", "cohort 0")
    with pytest.raises(InputError, match="another model") as refused:
        run(order, ThisProcess(), kept)
    assert refused.value.code == "cohort-checkpoint"
    assert kept.path.read_bytes() == before
    monkeypatch.undo()
    with pytest.raises(InputError, match="another number of runners and seed") as other:
        run(Order(TEXT, 11, 8), ThisProcess(), kept)
    assert other.value.code == "cohort-checkpoint"
    for broken in (before[:200], b"junk", b""):
        kept.path.write_bytes(broken)
        with pytest.raises(InputError, match="cannot be read as a checkpoint") as refused:
            run(order, ThisProcess(), kept)
        assert refused.value.code == "cohort-checkpoint"
        assert kept.path.read_bytes() == broken


def test_a_full_disk_loses_no_figure(tmp_path, monkeypatch, capsys) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.os, "fsync", full)
    answer = api.simulate("boston-2004", runners=40, checkpoint=tmp_path / "c.npz")
    assert not answer.kept
    assert answer.runners == 40
    assert cli(["cohort", "--runners", "40", "--checkpoint", str(tmp_path / "c.npz"), "--json"]) == 4
    said = capsys.readouterr()
    assert json.loads(said.out)["runners"] == 40
    assert "[write-failed]" in said.err
    assert said.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_mild_field_cramps_as_often_as_fields_were_counted_to() -> None:
    """21 in 100 of studies' volunteers and 15 of a mass field (docs/evidence.md), half of the sets each."""
    text, _ = field_text("mild-marathon")
    counts = tally_of(outcomes_of(text, 3, 0, 1000)).counts
    chance = counts["chance"].sum() / 1e6 / 1000
    assert 0.15 < chance < 0.24
    hot = tally_of(outcomes_of(TEXT, 3, 0, 1000)).counts
    assert hot["chance"].sum() > counts["chance"].sum()
    assert hot["high"].sum() > counts["high"].sum()
    assert hot["gained"].sum() < counts["gained"].sum()


def test_the_hot_day_slows_the_field_as_it_did() -> None:
    """Boston 2004, public results: half of the men took 242.1 min, half of the women 256.8 (else 216.2 and 235.4)."""
    text, _ = field_text("boston-2004")
    field, road, worlds = setting_of(text, 3)
    o = people_of(field, worlds, road.whole_m, 3, 0, 4000)
    assert np.median(o.finish_s[~o.female]) / 60 == pytest.approx(242.1, rel=0.04)
    assert np.median(o.finish_s[o.female]) / 60 == pytest.approx(256.8, rel=0.05)


@pytest.mark.parametrize("runners", [0, -3, 10**9])
def test_impossible_sizes_are_one_line(runners: int, capsys) -> None:
    assert cli(["cohort", "--runners", str(runners)]) == 2
    said = capsys.readouterr().err
    assert "[cohort-size]" in said
    assert said.count("\n") == 1
    assert ("hours" in said) == (runners > 0)


BAD = {
    "female_share = 0.373": ("female_share = 1.2", "field-contradicts"),
    "share = 1.0": ("share = 0.7", "field-contradicts"),
    "women_min = [152.1, 183.6": ("women_min = [192.1, 183.6", "field-contradicts"),
    "runners = 16740": ("runners = 0", "field-contradicts"),
    'incidence = "either"': ('incidence = "none"', "field-contradicts"),
    "distance_km = 42.195": ("distance_km = nan", "field-contradicts"),
    "shares = [0.001,": ("shares = [0.001, 0.005,", "field-contradicts"),
    'start = "12:00"': ('start = "noon"', "field-unreadable"),
    "wbgt_c = 12.0": ("wbgt = 12.0", "field-contradicts"),
    "[finish]": ("[finnish]", "field-contradicts"),
    "name = ": ("# name = ", "field-unreadable"),
    "distance_km = 42": ("distance_km = [42", "field-unreadable"),
    "age_men_y = [42.5, 10.2]": ("age_men_y = 42.5", "field-unreadable"),
    "men_min = [132.8,": ("men_min = [32.8,", "field-contradicts"),
    "333.8, 359.9]": ("333.8, 2359.9]", "field-contradicts"),
}


@pytest.mark.parametrize("old", BAD)
def test_a_field_that_cannot_be_is_one_coded_line(old: str) -> None:
    new, code = BAD[old]
    assert old in TEXT
    with pytest.raises(CharleyError) as refused:
        field_of(TEXT.replace(old, new, 1), "my.toml")
    assert refused.value.code == code
    assert "\n" not in str(refused.value)
    assert refused.value.where == "my.toml"


def test_no_file_is_one_line(capsys, tmp_path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        assert cli(["cohort", "--field", str(path), "--runners", "5"]) == 3
        assert "[field-unreadable]" in capsys.readouterr().err


def test_the_command_says_both_intervals_and_the_signs_first() -> None:
    said = " ".join(CliRunner().invoke(group, ["cohort", "--runners", "400", "--full"]).output.split())
    assert said.index("emergency") < said.index("will have a leg cramp")
    assert "not a count" in said
    found = json.loads(CliRunner().invoke(group, ["cohort", "--runners", "400", "--json"]).output)
    assert found["runners"] == 400
    assert len(found["digest"]) == 64
    assert sum(k["counted"] for k in found["cramps_by_km"]) > 0
    spread = found["cramped"]
    assert spread["people"]["low"] < spread["parameters"]["mean"] < spread["people"]["high"]
    assert (
        spread["parameters"]["high"] - spread["parameters"]["low"] > spread["people"]["high"] - spread["people"]["low"]
    )


def test_the_page_leads_with_the_signs_and_fits(tmp_path) -> None:
    page, table = tmp_path / "f.html", tmp_path / "f.csv"
    options = ["cohort", "--field", "boston-2004", "--runners", "400", "--html", str(page), "--csv", str(table)]
    assert cli([*options, "--json"]) in (0, None)
    html = page.read_text(encoding="utf-8")
    assert html.index("is an emergency") < html.index("<h1>")
    assert "<script" not in html
    assert "not a count" in html
    assert html.count("<svg") == 4
    rows = table.read_text(encoding="utf-8").splitlines()
    assert "# runners: 400" in rows
    counted = [line.split(",") for line in rows if line.startswith(("km,", "clock,"))]
    by = {kind: sum(int(r[2]) for r in counted if r[0] == kind) for kind in ("km", "clock")}
    assert by["km"] == by["clock"] > 0
    assert cli(options) == 2  # the table is not written over, and nothing is run for it


def test_no_label_of_a_picture_lies_over_another() -> None:
    answer = api.simulate("boston-2004", runners=120)
    for bars, every in ((pictures.by_km(answer), 5), (pictures.by_clock(answer), 4)):
        for wide in (True, False):
            boxes = pictures.draw(bars, "x", wide, every).boxes
            assert len(boxes) > 3
            assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


@pytest.mark.parametrize("options", [["--trial", "salt", "--html", "x.html"], ["--missed", "0.2"], ["--chunk", "0"]])
def test_options_that_do_not_go_together_are_refused(options: list[str], capsys) -> None:
    assert cli(["cohort", "--runners", "5", *options]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def extreme(km: float, fastest_min: float, slowest_min: float, temp_c: float, heights: str = "[]") -> str:
    middle = (fastest_min * slowest_min) ** 0.5
    lines = {
        "distance_km": f"{km}\nheights_km_m = {heights}",
        "shares": "[0.01, 0.5, 0.99]",
        "women_min": f"[{fastest_min}, {middle}, {slowest_min}]",
        "men_min": f"[{fastest_min}, {middle}, {slowest_min}]",
    }
    text = TEXT
    for key, value in lines.items():
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.MULTILINE)
    return re.sub(r"^temp_c = .*$", f"temp_c = {temp_c}", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "race",
    [
        (10, 27, 230, 15),
        (42.195, 130, 600, 48),
        (42.195, 130, 420, -30),
        (100, 420, 1300, 20),
        (42.195, 130, 420, 20, "[[0, 0], [0.5, 3000], [42, 0]]"),
    ],
)
def test_far_fields_stay_finite(race: tuple[float, ...]) -> None:
    o = outcomes_of(extreme(*race), 1, 0, 24)
    for values in (o.chance, o.core_c, o.gain, o.sodium_mmol_l, o.finish_s, o.sweat_l_h):
        assert np.isfinite(values).all()
    assert ((o.chance >= 0) & (o.chance <= 1)).all()
    cramped = np.isfinite(o.cramp_m)
    assert (o.cramp_m[cramped] <= race[0] * 1000 + 1e-6).all()
    assert (o.cramp_s[cramped] <= (o.start_s + o.finish_s)[cramped] + 1e-6).all()


def test_tasks_are_few() -> None:
    for runners in (1, 10**6, 10**7, 10**8):
        assert -(-runners // chunk_size(runners)) <= 2000


def test_fields_that_come_with_charley_are_whole() -> None:
    for name in known_fields():
        field = field_of(field_text(name)[0], name)
        assert field.origins
        assert replace(field) == field or field.runners > 0
    assert {"boston-2004", "mild-marathon"} <= set(known_fields())
    assert set(SHAPES) == set(Tally.empty().counts)


def test_the_range_of_studies_is_that_between_sets_and_not_the_noise_within() -> None:
    """Made sets: the same rate in all leaves no more than the noise; rates that differ come back as they were made."""
    field = field_of(TEXT, "x")
    rng, worlds = np.random.default_rng(5), worlds_of(1, field.incidence, 42_195.0)
    truth = rng.uniform(0.1, 0.4, 40)
    for an_set, tolerance in ((25_000, 0.03), (500, 0.15)):
        tally = Tally.empty()
        tally.counts["runners"][:] = an_set
        tally.counts["cramps"][:] = rng.binomial(an_set, truth)
        found = Summary(field, worlds, tally).per_race("cramps").parameters
        low, high = np.quantile(truth, (0.1, 0.9)) * field.runners
        assert found.high - found.low == pytest.approx(high - low, rel=tolerance)
    tally.counts["cramps"][:] = rng.binomial(500, 0.2, 40)
    alike = Summary(field, worlds, tally).per_race("cramps")
    assert alike.parameters.high > alike.parameters.low  # too few runners to tell: too wide rather than too narrow
    assert alike.people_low == pytest.approx(alike.parameters.mean - 1.2816 * np.sqrt(16740 * 0.2 * 0.8), rel=0.02)
