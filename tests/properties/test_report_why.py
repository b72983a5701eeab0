"""The page, the text and the JSON of an answer: the same figures, nothing promised, nothing ranked without a log."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest

from charley.faces.report import render_why, render_why_json, render_why_text
from charley.faces.report.pictures import drivers
from charley.faces.report.strip import rows, strip
from charley.faces.report.wording import figures, words
from charley.faces.report.wording.sources import sources_text
from charley.vocabulary.answer import Why
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.estimate import Estimate
from report_answers import FAMILIES, HOSTILE, with_warning
from report_cases import CASES, answer, page, tree, visible

PROMISES = re.compile(r"\b(diagnos|treat|cure|prevents|safe|guarantee)\w*", re.IGNORECASE)
FINE = re.compile(r"\b(?:you(?:'re| are)? (?:fine|ok|okay|safe|healthy)|nothing serious)\b", re.IGNORECASE)


all_cases = pytest.mark.parametrize("case", CASES)
both_units = pytest.mark.parametrize("units", ["metric", "imperial"])


# --- the page is a sound document ---------------------------------------------------------------------------------


@all_cases
def test_ids_are_unique_and_each_reference_has_its_target(case):
    ids = tree(case).xpath("//@id")
    assert len(ids) == len(set(ids))
    wanted = [w for names in tree(case).xpath("//@aria-labelledby") for w in names.split()]
    wanted += [h[1:] for h in tree(case).xpath("//a/@href")]
    wanted += re.findall(r"url\(#([^)]+)\)", page(case))
    assert wanted
    assert set(wanted) <= set(ids)


@all_cases
def test_each_picture_is_named_described_and_has_a_table(case):
    pictures = tree(case).xpath("//svg")
    assert len(pictures) >= 4
    for picture in pictures:
        assert picture.get("role") == "img"
        assert picture.xpath("./title")[0].text.strip()
        assert picture.xpath("./desc")[0].text.strip()
    for figure in tree(case).xpath("//figure"):
        assert len(figure.xpath("./svg")) == 2
        assert figure.xpath("./details/summary")
        assert len(figure.xpath(".//table/tbody/tr")) > 1
    dots = tree(case).xpath("//section[.//svg[@class='dots']]")[0]
    assert dots.xpath("./details//table/tbody/tr")


@all_cases
def test_headings_step_down_one_at_a_time_from_one_title(case):
    levels = [int(h.tag[1]) for h in tree(case).xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert tree(case).get("lang") == "en"


@all_cases
def test_a_table_has_as_many_cells_in_each_row_as_heads(case):
    for table in tree(case).xpath("//table"):
        heads = len(table.xpath("./thead/tr/th"))
        assert {len(row.xpath("./th|./td")) for row in table.xpath("./tbody/tr")} == {heads}


@all_cases
def test_the_page_needs_neither_network_nor_script(case):
    text = page(case)
    assert not re.search(r"https?:|//\w|@import|url\((?!#)", text)
    assert not tree(case).xpath("//script|//link|//img|//iframe|//object|//form|//@src")
    assert not [name for e in tree(case).iter() if isinstance(e.tag, str) for name in e.attrib if name.startswith("on")]


@pytest.mark.parametrize("case", ["4 h, every second", "24 h", "hostile", "marathon"])
def test_the_page_stays_small(case):
    assert len(page(case).encode()) <= 300_000


def test_all_colours_come_from_the_tokens():
    from importlib.resources import files

    for name in ("report.css", "pictures.css"):
        css = (files("charley.faces.report") / name).read_text(encoding="utf-8")
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl", css)
    assert not re.search(r'(?:fill|stroke|color)="', page("marathon"))


def test_each_text_colour_passes_the_contrast_that_small_text_needs():
    """WCAG 2.2, 1.4.3: 4.5 to 1, by its relative luminance; on paper and on panel, day, night and print."""
    from importlib.resources import files

    css = (files("charley.faces.report") / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\n\s*\}", css, re.DOTALL)
    assert len(blocks) == 3

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    def contrast(a: str, b: str) -> float:
        high, low = sorted((luminance(a), luminance(b)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for block in blocks:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for name, colour in colours.items():
            if name.startswith("q-") or name in ("ink", "muted", "accent"):
                assert min(contrast(colour, colours["paper"]), contrast(colour, colours["panel"])) >= 4.5, name
        assert contrast(colours["on-accent"], colours["accent"]) >= 4.5


# --- labels -------------------------------------------------------------------------------------------------------


@all_cases
@both_units
@pytest.mark.parametrize("wide", [True, False])
def test_no_label_lies_on_another_or_beyond_the_edge(case, units, wide):
    listed = rows.build(answer(case), units)
    pictures = [strip.draw(answer(case), listed, units, wide)]
    if answer(case).drivers:
        pictures.append(drivers.draw(answer(case), wide, "metric"))
    for picture in pictures:
        assert len(picture.boxes) > 10
        clashes = [(a.text, b.text) for a, b in combinations(picture.boxes, 2) if a.overlaps(b)]
        assert clashes == []
        outside = [b for b in picture.boxes if b.x0 < -0.5 or b.x1 > picture.width + 0.5 or b.y1 > picture.height]
        assert outside == []


# --- what is said -------------------------------------------------------------------------------------------------


@all_cases
@both_units
def test_nothing_is_promised_and_nobody_is_called_fine(case, units):
    body = re.sub(r"<style>.*?</style>", "", page(case, units), flags=re.DOTALL)
    for text in (body, *both_texts(case, units)):
        assert not PROMISES.search(text)
        assert not FINE.search(text)
        assert not re.search(r"\b1 in (?!100\b|1 run)\d", text)


def both_texts(case, units):
    """The first screen and the whole answer, each as one line."""
    return [" ".join(render_why_text(answer(case), units, full).split()) for full in (False, True)]


@all_cases
@both_units
def test_no_figure_is_a_nan_or_has_a_hyphen_for_a_minus(case, units):
    for text in (visible(case), *both_texts(case, units)):
        plain = text.lower().replace("none of these", "").replace("as if none had", "")
        assert not re.search(r"\b(?:nan|inf|none|null|undefined)\b", plain)
        assert not re.search(r"(?:^|[\s(])-\d", text)


@all_cases
def test_warning_signs_and_scope_stand_on_each_output(case):
    for text in (visible(case), *both_texts(case, "metric")):
        assert words.RED_FLAGS in text
        assert "not medical advice" in text
        assert words.NOT_RULED_OUT in text


@pytest.mark.parametrize("case", [c for c, options in CASES.items() if not options.get("log")])
def test_without_a_log_all_is_from_studies_and_no_driver_is_put_first(case):
    spoken = " ".join(h.text_content() for h in tree(case).xpath("//h1|//h2"))
    for driver in answer(case).drivers:
        assert figures.lower_first(figures.clean(driver.label)) not in spoken.lower()
    if answer(case).cramp:
        assert "One run can't tell you why." in spoken
    assert "All of this comes from published studies" in visible(case)


def test_the_order_of_drivers_does_not_follow_their_means():
    straight = answer("marathon")
    turned = replace(
        straight,
        drivers=tuple(
            replace(d, share=other.share, before=other.share)
            for d, other in zip(straight.drivers, reversed(straight.drivers), strict=True)
        ),
    )

    def labels(one: Why) -> list[str]:
        text = render_why_text(one, full=True)
        return sorted((" ".join(d.label.split()[:3]) for d in one.drivers), key=text.index)

    assert labels(turned) == labels(straight)
    assert [name for name, _ in words.by_family(straight)] == list(FAMILIES.values())


def test_with_a_log_the_best_two_are_named_as_equal_while_ranges_overlap():
    heading = words.drivers_heading(answer("five cramps logged"))
    assert "count them as equal" in heading
    assert "faster than your own level" in heading
    few = words.drivers_heading(answer("one cramp logged"))
    assert "nothing is ranked" in few


def test_only_a_range_above_all_others_is_named_alone():
    logged = answer("five cramps logged")
    first = replace(logged.drivers[0], share=Estimate(0.8, 0.7, 0.9, 0.75, 0.85))
    alone = replace(logged, drivers=(first, *logged.drivers[1:]))
    assert words.standing_out(alone.drivers) is first
    assert "one driver stands out" in str(words.title(alone, "metric"))
    assert words.standing_out(logged.drivers) is None
    # One cramp is never enough, however clear its range.
    thin = replace(alone, n_cramps=1)
    assert "stands out" not in str(words.title(thin, "metric"))


def test_ranges_that_do_not_overlap_are_not_said_to():
    one = answer("marathon")
    apart = replace(one.drivers[0], share=Estimate(0.8, 0.7, 0.9, 0.75, 0.85))
    assert "overlap" in words.drivers_heading(one)
    assert "overlap" not in words.drivers_heading(replace(one, drivers=(apart, *one.drivers[1:])))


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("marathon", r"cramped at \d+\.\d km"),
        ("somewhere after", r"cramped somewhere after \d+\.\d km"),
        ("between", r"Your hamstring cramped somewhere between \d+\.\d and \d+\.\d km"),
        ("some time", "cramped somewhere in this run"),
        ("no distance", r"cramped at \d:\d\d:\d\d"),
        ("no cramp", r"chance beforehand was 24 in 100 \(11 to 46\); for runners in general, 15 in 100 \(9 to 25\)"),
    ],
)
def test_the_title_says_where_and_how_likely(case, said):
    assert re.search(said, str(words.title(answer(case), "metric")))
    assert re.search(said, tree(case).xpath("//h1")[0].text_content().replace("\u00a0", " "))


def test_only_the_cramp_wears_its_colour():
    assert tree("marathon").xpath("//h1/em")[0].text_content().startswith("cramped at")
    assert not tree("no cramp").xpath("//h1/em")
    assert not tree("no cramp").xpath("//svg//*[contains(concat(' ', @class, ' '), ' cr ')]")


def test_both_calves_are_many():
    one = replace(answer("marathon"), cramp=Cramp(9_000.0, 9_000.0, 9_000.0, "calf", "both", 3))
    assert str(words.title(one, "metric")).startswith("Both your calves cramped")


def test_a_demo_is_stamped_on_each_output():
    assert tree("demo").xpath("//header//*[@class='stamp']")[0].text == "DEMO"
    assert "DEMO" in render_why_text(answer("demo")).splitlines()[0]
    assert render_why_json(answer("demo"))["meta"]["demo"] is True
    assert "DEMO" not in page("marathon")
    assert "DEMO" not in render_why_text(answer("marathon"))


def test_a_warning_is_shown_and_one_that_the_title_says_already_is_not():
    one = with_warning(answer("marathon"), "clock-jump", "the watch's clock jumped by an hour")
    for text in (render_why(one).replace("&#39;", "'"), " ".join(render_why_text(one, full=True).split())):
        assert "he watch's clock jumped by an hour" in text
        assert "extrapolated from tests of 90 and 120 minutes" in text
        assert "so no cause is ranked" not in text
    assert [w["code"] for w in render_why_json(one)["warnings"]] == ["clock-jump", "studies-only", "model-range"]


def test_a_stop_without_a_reported_cramp_is_asked_about_and_never_asserted():
    text = visible("no cramp")
    assert "looks like a sudden stop out of full stride" in text
    assert "Was this a cramp?" in text
    assert re.search(r"charley why FILE --at \d+\.\dkm", text)
    assert "You said that this was the cramp." in visible("marathon")
    assert "Was this a cramp?" not in visible("marathon")


# --- the run strip ------------------------------------------------------------------------------------------------


def test_miles_where_miles_are_asked_for():
    title = str(words.title(answer("marathon"), "imperial"))
    metres = answer("marathon").cramp_at_m
    assert f"at {metres / 1609.344:.1f} mi" in title
    assert "Distance, mi" in page("marathon", "imperial")
    assert "min per mi" in page("marathon", "imperial")
    assert "Distance, km" not in page("marathon", "imperial")


# --- the same figures in all three --------------------------------------------------------------------------------


@all_cases
def test_page_text_and_json_tell_the_same_figures(case):
    thing = render_why_json(answer(case))
    text = " ".join(render_why_text(answer(case), full=True).split())
    seen = visible(case).replace("\u00a0", " ")
    for key in ("chance", "base_rate"):
        e = thing[key]
        shown = figures.in_100(Estimate(*(e[k] for k in ("mean", "low", "high", "low50", "high50")), math.nan))
        assert shown in text
        assert shown in seen
    if not answer(case).drivers:
        return
    for driver in thing["drivers"]:
        share = Estimate(*(driver["share"][k] for k in ("mean", "low", "high", "low50", "high50")))
        middle, limits = figures.number(100 * share.middle), figures.share_range(share)
        assert f"{middle} ({limits})" in text
        row = tree(case).xpath(f"//table//tr[td[1]='{middle}' and td[3]='{limits}']")
        assert figures.clean(driver["label"]) in [r.xpath("./th")[0].text for r in row]


@all_cases
def test_the_json_keeps_the_contract_and_holds_no_nan(case):
    one = answer(case)
    thing = json.loads(json.dumps(render_why_json(one), allow_nan=False))
    assert {"tool", "version", "generated_at", "status"} <= set(thing["meta"])
    assert thing["meta"]["tool"] == "charley"
    assert {"distance_m", "elapsed_s", "records", "started_at"} <= set(thing["run"])
    assert thing["run"]["distance_m"] == one.run.distance_m
    assert (thing["cramp"] is None) == (one.cramp is None)
    if thing["cramp"] is not None:
        assert {"at_s", "at_m"} <= set(thing["cramp"])
    assert {"mean", "low", "high"} <= set(thing["chance"])
    assert {"time_s", "rate_per_h", "low", "high"} <= set(thing["hazard"])
    assert len({len(v) for v in thing["hazard"].values()}) == 1
    assert "time_s" in thing["states"]
    assert len({len(v) for v in thing["states"].values()}) == 1
    assert thing["drivers"][-1]["id"] == "unexplained"
    assert thing["drivers"][-1]["share"]["mean"] == one.unexplained.mean
    assert [d["id"] for d in thing["drivers"][:-1]] == [d.id for d in one.drivers]
    for driver in thing["drivers"]:
        assert {"id", "label", "share", "evidence_grade", "source_ids"} <= set(driver)
    assert thing["missing"] == [m.key for m in one.missing]
    assert all(set(w) == {"code", "text"} for w in thing["warnings"])
    assert thing["prior_share"] == one.prior_share


def test_arrays_keep_six_figures_and_missing_samples_are_null():
    from charley.faces.report.plain_values import array

    values = np.array([0.0, 1.23456789, -123456.789, 9.87654321e-7, np.nan, np.inf, 42_195.0])
    assert array(values) == [0.0, 1.23457, -123457.0, 9.87654e-7, None, None, 42195.0]
    one = replace(answer("marathon"), hazard=replace(answer("marathon").hazard, low=np.full(2501, np.nan)))
    assert set(render_why_json(one)["hazard"]["low"]) == {None}


def test_states_go_by_the_name_that_the_answer_gives_them():
    states = render_why_json(answer("marathon"))["states"]
    for name in ("calf_slow_fatigue", "body_water_change_fraction", "plasma_sodium_change_mmol_l", "core_temp_c"):
        assert {name, f"{name}_low", f"{name}_high"} <= set(states)
    assert "heart" not in " ".join(states)  # measured, not a state


# --- what comes from a file is text and nothing else --------------------------------------------------------------


def test_hostile_names_stay_text():
    page_tree = tree("hostile")
    assert page_tree.xpath("//title")[0].text.startswith("Why: </title><script>alert(1)</script>")
    assert "{{7*7}}" in page_tree.xpath("//header")[0].text_content()
    assert not page_tree.xpath("//b[@onclick]")
    assert "alert(1)" in visible("hostile")
    text = render_why_text(answer("hostile"), full=True)
    assert all(c.isprintable() or c == "\n" for c in text)
    assert "\u202e" not in page("hostile")
    assert "\x00" not in page("hostile")
    assert render_why_json(answer("hostile"))["run"]["file"] == HOSTILE
    assert all(line.isprintable() for line in sources_text(answer("hostile").sources).splitlines())


@all_cases
@both_units
def test_the_text_fits_a_terminal_of_80_columns_and_its_first_screen_24_lines(case, units):
    for full, most in ((False, 24), (True, 80)):
        lines = render_why_text(answer(case), units, full).splitlines()
        assert max(len(line) for line in lines) <= 80
        assert not lines[-1].isspace()
        assert len(lines) <= most or case == "hostile"


def test_sources_are_numbered_once_and_cited_by_number():
    one = answer("marathon")
    # All that a statement cites is open to see; what only the models stand on is folded away, with its number.
    listed = tree("marathon").xpath("//details/div/ol[@class='src']/li")
    folded = tree("marathon").xpath("//details/details/ol[@class='src']/li | //div/details/ol[@class='src']/li")
    assert {int(li.get("value")) for li in listed} == {words.source_numbers(one)[i] for i in words.cited_here(one)}
    assert sorted(int(li.get("value")) for li in (*listed, *folded)) == list(range(1, len(one.sources) + 1))
    assert folded
    numbers = words.source_numbers(one)
    for driver in one.drivers:
        wanted = sorted(numbers[i] for i in driver.source_ids)
        assert words.cited(driver.source_ids, one) == ", ".join(str(n) for n in wanted)
    told = sources_text(one.sources)
    assert all(s.citation.split(",")[0] in told for s in one.sources)
    assert "Interest: Paid for by a maker of sports drinks." in " ".join(told.split())
    assert sources_text(()) == "This answer stands on no source."
