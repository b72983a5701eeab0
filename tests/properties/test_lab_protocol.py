"""A protocol file is read, or refused in one coded line that names the key and what is possible; nothing else."""

from __future__ import annotations

import math
from dataclasses import MISSING, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.evidence import experiments
from charley.lab.protocol import Condition, Measure, Setup
from charley.lab.reading import read_text, read_values, shipped
from charley.lab.schema import Named, Number, Several, Table, Word, merged
from charley.vocabulary.errors import ProtocolError

# What has to stand beside a key for its table to be whole, or for its own value to be reached.
BESIDE = {"stretch": {"at_s": 1}, "tendon_shock": {"at_s": 1}, "vibration": {"at_s": 1}, "sip": {"at_s": 1},
          "cuff": {"at_s": 1}, "inhibit": {"at_s": 1}, "before": {"effort": 0.5}}  # fmt: skip


def filling(spec):
    """A value that a key accepts."""
    if isinstance(spec, Number):
        return spec.low
    if isinstance(spec, Word):
        return spec.choices[0]
    return "text"


def leaves(cls, path=()):
    """(path, spec) of every key that holds a number, below a dataclass of the grammar."""
    for f in fields(cls):
        spec = f.metadata["spec"]
        inner = spec.each if isinstance(spec, Several) else spec
        if isinstance(inner, Number):
            yield (*path, f.name), inner
        elif isinstance(inner, Table):
            yield from leaves(inner.of, (*path, f.name))


NUMBERS = list(leaves(Setup))


def with_value(path, value):
    """A protocol that is whole but for the value at ``path``."""
    row = {path[-1]: value}
    if len(path) > 1:
        cls = next(f for f in fields(Setup) if f.name == path[0]).metadata["spec"]
        table = (cls.each if isinstance(cls, Several) else cls).of
        needed = {f.name: filling(f.metadata["spec"]) for f in fields(table) if f.default is MISSING}
        row = {path[0]: {**needed, **BESIDE.get(path[0], {}), **row}}
    return {"title": "a test", **row}


def refused(values, *said):
    """The refusal of these values, in one line, with these words."""
    with pytest.raises(ProtocolError) as caught:
        read_values(values, "mine.toml", "mine")
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith("mine.toml")
    for word in said:
        assert word in line, line
    return caught.value.code


def told(read, content):
    """What a reader says of a protocol: nothing, or its refusal; any other error goes through."""
    try:
        read(content, "mine.toml", "mine")
    except ProtocolError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("path", "spec"), NUMBERS, ids=[".".join(p) for p, _ in NUMBERS])
def test_every_number_is_held_to_its_range_and_refused_by_name(path, spec):
    key, span = path[-1], f"{spec.low:g} to {spec.high:g}"
    below, above = spec.low - max(1.0, abs(spec.low)), spec.high + max(1.0, abs(spec.high))
    for value in (below, above, 1e300, math.nan, math.inf, -math.inf):
        assert refused(with_value(path, value), key, span) == "protocol-range"
    for value in ("1", True, [1], {}):
        assert refused(with_value(path, value), key, span) == "protocol-type"


def test_there_are_many_numbers_to_hold():
    assert len(NUMBERS) > 60


@given(st.text(st.characters(codec="ascii", categories=("Ll",)), min_size=1, max_size=12))
def test_an_unknown_key_is_named(key):
    if key in {f.name for f in fields(Setup)} | {"title", "note", "cannot", "headline", "seed", "sources", "lead"}:
        return
    values = {"title": "a test", key: 1}
    if key in ("experiment", "measure", "conditions", "picture"):
        return
    assert refused(values, key) == "protocol-key"


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    assert "\n" not in told(read_text, text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([f.name for f in fields(Setup)] + ["conditions", "measure", "cannot_measure", "picture", "lead"])


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_values_under_known_keys_are_read_or_refused(values):
    assert "\n" not in told(read_values, {"title": "a test", **values})


@pytest.mark.parametrize(
    ("values", "code", "said"),
    [
        ({"muscle": "thigh"}, "protocol-muscle", "medial_gastrocnemius"),
        ({"ramp": {"start_hz": 1e9}}, "protocol-range", "0.5 to 200"),
        ({"ramp": {"strat_hz": 4}}, "protocol-key", "Did you mean start_hz?"),
        ({"ramp": {"start_hz": 40, "stop_hz": 20}}, "protocol-clash", "stop_hz"),
        ({"ramp": {"step_hz": 0.1, "stop_hz": 200}}, "protocol-clash", "more than 500 trains"),
        ({"ramp": {}, "effort": {}}, "protocol-clash", "ramp and effort"),
        ({"ramp": {}, "stretch": {"to_deg": 5, "at_s": 3}}, "protocol-clash", "after_onset_s"),
        ({"stretch": {"to_deg": 5}}, "protocol-missing", "at_s"),
        ({"stretch": {"to_deg": 5, "at_s": 1, "after_onset_s": 1}}, "protocol-clash", "exclude each other"),
        ({"stretch": {"at_s": 1}}, "protocol-missing", "to_deg"),
        ({"joint_deg": 1, "ankle_deg": 2}, "protocol-clash", "the same joint twice"),
        ({"muscle": "abductor hallucis", "ankle_deg": 2}, "protocol-clash", "toe_deg"),
        ({"toe_deg": 2}, "protocol-clash", "ankle_deg"),
        ({"effort": {"level": 0.2, "force": 0.2}}, "protocol-clash", "say the same twice"),
        ({"before": {"effort": 0.2, "force": 0.2}}, "protocol-clash", "effort and force"),
        ({"ramp": {}, "reflex": {}}, "protocol-clash", "ramp and reflex"),
        ({"reflex": {"from_pct": 90, "to_pct": 50}}, "protocol-clash", "below reflex.from_pct"),
        ({"reflex": {"step_pct": 0.5, "each": 9}}, "protocol-clash", "more than 500 shocks"),
        ({"matched_hz": 20}, "protocol-clash", "needs a ramp"),
        ({"ramp": {}, "matched_hz": 20, "trait_mv": 0}, "protocol-clash", "exclude each other"),
        ({"before": {"effort": 1, "cramp": "train"}}, "protocol-clash", "effort and cramp"),
        ({"before": {"for_s": 3}}, "protocol-missing", "nothing to do"),
        ({"before": {"rest_s": 3, "rest_min": 3}}, "protocol-clash", "rest_min and rest_s"),
        ({"block": "soul"}, "protocol-range", "tendon organ"),
        ({"block": "spindle", "block_after_onset_s": 3}, "protocol-clash", "tendon organ"),
        ({"constants": {"no_such": 1}}, "protocol-constant", "no_such"),
        ({"sip": {"of": "other", "at_s": 1}}, "protocol-missing", "strength"),
        ({"conditions": {"a": 1}}, "protocol-type", "conditions"),
        ({"conditions": {}}, "protocol-range", "0 conditions"),
        ({"conditions": {"a": {"pian": 1}}}, "protocol-key", "conditions.a"),
        ({"conditions": {"a": {}, "b": {}}, "measure": {"x": {"what": "cramped"}}}, "protocol-missing", "of"),
        ({"measure": {"x": {"what": "magic"}}}, "protocol-range", "threshold_hz"),
        ({"measure": {"x": {"what": "cramped", "of": "nobody"}}}, "protocol-range", "nobody"),
        ({"experiment": "E99"}, "protocol-experiment", "E01"),
        ({"experiment": "E02", "measure": {"x": {"what": "cramped"}}}, "protocol-key", "threshold_intact"),
        ({"picture": "nobody"}, "protocol-range", "nobody"),
        ({"cramp_s": 10, "follow_s": 5}, "protocol-clash", "follow_s"),
    ],
)
def test_what_cannot_be_is_refused(values, code, said):
    assert refused({"title": "a test", **values}, said) == code


def test_a_title_is_needed_where_no_experiment_is_named():
    with pytest.raises(ProtocolError, match="title"):
        read_values({}, "mine.toml", "mine")


# ---- merging ----

PLAIN = st.dictionaries(st.sampled_from("abcd"), st.integers() | st.dictionaries(st.sampled_from("xy"), st.integers()))


@given(PLAIN, PLAIN)
def test_a_condition_lies_over_what_all_share(common, own):
    both = merged(common, own)
    assert set(both) == set(common) | set(own)
    assert merged(both, own) == both
    for key in set(common) - set(own):
        assert both[key] == common[key]
    for key, value in own.items():
        if not isinstance(value, dict):
            assert both[key] == value


def test_false_takes_a_thing_out_of_one_condition():
    values = {
        "title": "a test",
        "ramp": {},
        "stretch": {"after_onset_s": 3, "to_deg": 5},
        "fluid": {"lost_pct": 2},
        "conditions": {"with": {}, "without": {"stretch": False, "fluid": False}, "other": {"ramp": {"start_hz": 10}}},
    }
    protocol = read_values(values, "mine.toml", "mine")
    assert protocol.condition("with").setup.stretch[0].to_deg == 5
    assert protocol.condition("with").setup.fluid.lost_pct == 2
    assert protocol.condition("without").setup.stretch == ()
    assert protocol.condition("without").setup.fluid is None
    assert protocol.condition("other").setup.ramp.start_hz == 10
    assert protocol.condition("other").setup.ramp.step_hz == protocol.condition("with").setup.ramp.step_hz


# ---- the protocols that come with Charley ----


def test_every_experiment_of_the_evidence_has_a_protocol_or_says_why_not():
    assert set(shipped()) == set(experiments())
    for key, protocol in shipped().items():
        asked = {k for k, _ in protocol.measures} | {k for k, _ in protocol.cannot_measure}
        every = {o.key for o in experiments()[key].outcomes}
        if protocol.cannot:
            assert protocol.conditions == ()
        else:
            assert asked == every, key
            assert all(isinstance(c, Condition) for c in protocol.conditions)


def test_an_outcome_is_measured_or_named_as_missing_never_both():
    for protocol in shipped().values():
        assert not {k for k, _ in protocol.measures} & {k for k, _ in protocol.cannot_measure}


def test_what_has_no_number_says_what_would_be_right():
    for key, protocol in shipped().items():
        published = {o.key: o for o in experiments()[key].outcomes}
        for name, row in protocol.measures:
            assert isinstance(row, Measure)
            if published[name].mean is None:
                assert row.right is not None, (key, name)


def test_a_named_table_keeps_its_order():
    spec = Named(Number(0, 1, "a number"), "rows")
    assert spec.read({"b": 1, "a": 0}, ("f", "k")) == (("b", 1.0), ("a", 0.0))
