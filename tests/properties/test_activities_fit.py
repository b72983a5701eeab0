"""FIT: both decoders agree on any file that can be written; units; the profile; the checksum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charley.activities.fit import fast as fit_fast
from charley.activities.fit import fitdecode_reader, profile, reader
from charley.activities.fit.crc import crc16
from charley.activities.fit.frame import parts
from charley.activities.fit.messages import FitMessages
from charley.activities.fit.writer import ENUM, FLOAT32, SINT8, SINT32, UINT8, UINT16, UINT32, Field, FitWriter
from charley.activities.limits import Deadline

START = 1_000_000_000  # FIT seconds: 2021
RECORD_FIELDS = {
    0: SINT32, 1: SINT32, 2: UINT16, 3: UINT8, 4: UINT8, 5: UINT32, 6: UINT16, 7: UINT16, 13: SINT8, 39: UINT16,
    41: UINT16, 53: UINT8, 73: UINT32, 78: UINT32, 85: UINT16,
}  # fmt: skip
HIGHEST = {SINT8: 126, UINT8: 254, UINT16: 65_534, SINT32: 2**31 - 2, UINT32: 2**32 - 2}


def one_record(fields: list[Field], values: list[Any], **writing: Any) -> bytes:
    writer = FitWriter(**writing)
    writer.define(0, profile.RECORD, [Field(profile.TIMESTAMP, UINT32), *fields])
    writer.write(0, START, *values)
    return writer.finish()


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("header_bytes", [12, 14])
def test_units_of_a_record_are_those_of_the_profile(big_endian: bool, header_bytes: int) -> None:
    """Expected values by the FIT profile's scales: 85.5 turns of one leg, 3 456 mm/s, cm, 1/5 m above -500 m."""
    fields = [Field(n, RECORD_FIELDS[n]) for n in (0, 2, 3, 4, 5, 6, 7, 13, 39, 41, 53, 85)]
    values = [2**30, 3005, 151, 85, 123_456, 3456, 250, -7, 823, 2451, 64, 11_230]
    data = one_record(fields, values, big_endian=big_endian, header_bytes=header_bytes)
    recording = reader.read(data, "units.fit")
    expected = {
        "latitude_deg": 90.0,
        "altitude_m": 101.0,
        "heart_rate_bpm": 151.0,
        "cadence_spm": 171.0,
        "distance_m": 1234.56,
        "speed_m_s": 3.456,
        "power_w": 250.0,
        "air_temp_c": -7.0,
        "vertical_oscillation_m": 0.0823,
        "contact_time_s": 0.2451,
        "step_length_m": 1.123,
    }
    assert {name: values[0] for name, values in recording.channels.items()} == pytest.approx(expected)
    assert recording.time_unix_s[0] == START + profile.FIT_EPOCH_UNIX_S
    assert recording.warnings == ()


def test_the_better_of_two_fields_counts() -> None:
    """enhanced_speed before speed, and speed where enhanced_speed is missing."""
    writer = FitWriter()
    writer.define(0, profile.RECORD, [Field(profile.TIMESTAMP, UINT32), Field(6, UINT16), Field(73, UINT32)])
    writer.write(0, START, 2000, 3000)
    writer.write(0, START + 1, 2000, None)
    recording = reader.read(writer.finish(), "speed.fit")
    assert recording.channels["speed_m_s"].tolist() == [3.0, 2.0]


def test_sport_messages_without_a_session_are_one_session() -> None:
    """Field 0 of SPORT is the sport (1 running, 11 walking in the FIT profile); the first message counts."""
    writer = FitWriter()
    writer.define(0, profile.SPORT, [Field(0, ENUM), Field(1, ENUM)])
    writer.define(1, profile.RECORD, [Field(profile.TIMESTAMP, UINT32)])
    writer.write(0, 1, 0)
    writer.write(0, 11, 0)
    writer.write(1, START)
    recording = reader.read(writer.finish(), "sports.fit")
    assert [session.sport for session in recording.sessions] == ["running"]
    assert recording.sport == "running"


def test_stops_of_the_timer_become_stretches() -> None:
    writer = FitWriter()
    writer.define(0, profile.EVENT, [Field(profile.TIMESTAMP, UINT32), Field(0, ENUM), Field(1, ENUM)])
    writer.define(1, profile.RECORD, [Field(profile.TIMESTAMP, UINT32)])
    for second, kind in ((0, 0), (10, 4), (25, 0), (40, 1), (41, 1), (50, 0), (90, 4)):
        writer.write(0, START + second, 0, kind)
    writer.write(1, START)
    stops = reader.read(writer.finish(), "stops.fit").stops
    assert [(a - profile.FIT_EPOCH_UNIX_S - START, b - a) for a, b in stops] == [(10, 15), (40, 10)]


def both(data: bytes) -> tuple[FitMessages, FitMessages]:
    found, _ = parts(data, "made.fit")
    deadline = Deadline("made.fit", 600.0)
    return fit_fast.messages(data, found, deadline), fitdecode_reader.messages(data, found, deadline)


def assert_same(a: FitMessages, b: FitMessages) -> None:
    assert a.records == b.records
    assert a.others == b.others
    held = [{n: v for n, v in m.columns.items() if np.isfinite(v).any()} for m in (a, b)]
    assert held[0].keys() == held[1].keys()
    for number, values in held[0].items():
        np.testing.assert_array_equal(values, held[1][number])
    assert a.developer.keys() == b.developer.keys()
    for name, (unit, values) in a.developer.items():
        assert unit == b.developer[name][0]
        np.testing.assert_array_equal(values, b.developer[name][1])
    for packed in (a.packed_speed_distance, b.packed_speed_distance):
        assert packed is None or packed.shape == (a.records,)
    if a.packed_speed_distance is not None or b.packed_speed_distance is not None:
        np.testing.assert_array_equal(a.packed_speed_distance, b.packed_speed_distance)


DEVELOPER_NAMES = ("Power", "Form Power", "Leg Spring Stiffness")
EXPANDED = {2, 6}  # fitdecode 0.11 raises TypeError when it expands an array of these with a missing element


def describe(writer: FitWriter, index: int, name: str, base: int) -> Field:
    """Announce a developer field and return it for definitions."""
    writer.define(15, profile.DEVELOPER_ID, [Field(3, UINT8)])
    writer.write(15, index)
    text = [Field(3, profile.STRING, 24), Field(8, profile.STRING, 8)]
    writer.define(15, profile.FIELD_DESCRIPTION, [Field(0, UINT8), Field(1, UINT8), Field(2, UINT8), *text])
    writer.write(15, index, 5, base, name, "unit")
    return Field(5, base, developer_index=index)


@st.composite
def fit_files(draw: Callable[..., Any]) -> bytes:
    """Chained files with definitions in any order, repeated and array fields, developer fields, compressed times."""
    data = b""
    for _ in range(draw(st.integers(1, 2))):
        writer = FitWriter(big_endian=draw(st.booleans()), header_bytes=draw(st.sampled_from([12, 14])))
        names = draw(st.lists(st.sampled_from(DEVELOPER_NAMES), max_size=2, unique=True))
        added = [describe(writer, i, name, draw(st.sampled_from([UINT32, UINT16]))) for i, name in enumerate(names)]
        time = START
        for _ in range(draw(st.integers(1, 3))):
            local = draw(st.integers(0, 3))
            numbers = draw(st.lists(st.sampled_from([*RECORD_FIELDS, 90]), max_size=6))  # repeats are allowed
            counts = [1 if n in EXPANDED else draw(st.sampled_from([1, 1, 1, 2])) for n in numbers]
            fields = [Field(n, RECORD_FIELDS.get(n, UINT8), c) for n, c in zip(numbers, counts, strict=True)]
            if draw(st.booleans()):
                fields.append(Field(profile.COMPRESSED_SPEED_DISTANCE, profile.BYTE, 3))
            stamped = draw(st.booleans())
            if stamped:
                fields.insert(draw(st.integers(0, len(fields))), Field(profile.TIMESTAMP, UINT32))
            fields += [f for f in added if draw(st.booleans())]
            writer.define(local, profile.RECORD, fields)
            for _ in range(draw(st.integers(0, 4))):
                time += draw(st.integers(0, 40))
                values: list[Any] = []
                for f in fields:
                    if f.number == profile.TIMESTAMP:
                        values.append(time)
                    elif f.base == profile.BYTE:
                        values.append(draw(st.binary(min_size=3, max_size=3)))
                    else:
                        number = st.none() | st.integers(0, HIGHEST[f.base])
                        values.append([draw(number) for _ in range(f.count)])
                compressed = not stamped and draw(st.booleans())
                writer.write(local, *values, time_offset=time & 31 if compressed else None)
        writer.define(4, profile.EVENT, [Field(profile.TIMESTAMP, UINT32), Field(0, ENUM), Field(1, ENUM)])
        writer.write(4, time, 0, draw(st.sampled_from([0, 1, 4, None])))
        data += writer.finish()
    return data


@settings(max_examples=150, deadline=None)
@given(fit_files())
def test_the_fast_decoder_equals_fitdecode_on_any_valid_file(data: bytes) -> None:
    assert_same(*both(data))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 31), st.integers(0, 3)), min_size=1, max_size=30),
    st.booleans(),
)
def test_compressed_times_only_go_forwards_by_less_than_32_s(steps: list[tuple[int, int]], big_endian: bool) -> None:
    writer = FitWriter(big_endian=big_endian)
    writer.define(0, profile.RECORD, [Field(profile.TIMESTAMP, UINT32), Field(3, UINT8)])
    writer.define(1, profile.RECORD, [Field(3, UINT8)])
    writer.write(0, START, 100)
    expected, now = [float(START)], START
    for step, with_full_stamp in steps:
        now += step
        if with_full_stamp == 0:
            writer.write(0, now, 120)
        else:
            writer.write(1, 110, time_offset=now & 31)
        expected.append(float(now))
    data = writer.finish()
    fast, slow = both(data)
    assert fast.columns[profile.TIMESTAMP].tolist() == expected
    assert_same(fast, slow)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.booleans(), st.integers(0, 31)), min_size=1, max_size=8))
def test_a_time_that_is_missing_is_none_to_count_from(parts: list[tuple[int, bool, int]]) -> None:
    """Stretches of records whose times are there or missing, each followed by one whose header counts on."""
    writer = FitWriter()
    writer.define(0, profile.RECORD, [Field(profile.TIMESTAMP, UINT32), Field(3, UINT8)])
    writer.define(1, profile.RECORD, [Field(3, UINT8)])
    writer.write(0, START, 100)
    now = START
    for count, missing, offset in parts:
        for _ in range(count):
            now += 1
            writer.write(0, None if missing else now, 120)
        writer.write(1, 110, time_offset=offset)
    fast, slow = both(writer.finish())
    assert_same(fast, slow)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.integers(1, 30), st.booleans()), max_size=4
    ),
    st.integers(0, 200),
)
def test_messages_that_repeat_in_an_order_lose_nothing(orders: list[tuple[list[int], int, bool]], cut: int) -> None:
    """Records of two layouts and messages that no profile has, again and again, with times and without; then cut."""
    writer = FitWriter()
    writer.define(0, profile.RECORD, [Field(profile.TIMESTAMP, UINT32), Field(3, UINT8)])
    writer.define(1, profile.RECORD, [Field(3, UINT8), Field(profile.TIMESTAMP, UINT32), Field(5, UINT32)])
    writer.define(2, 140, [Field(profile.TIMESTAMP, UINT32), Field(0, UINT16)])
    writer.define(3, profile.RECORD, [Field(3, UINT8)])
    writer.define(4, 141, [Field(0, UINT8)])
    writer.write(0, START, 100)
    number, pulses = 0, [100.0]
    for order, times, stamped in orders:
        for local in order * times:
            number += 1
            now, beats = START + number if stamped else None, 100 + number % 90
            match local:
                case 0 | 2:
                    writer.write(local, now, beats)
                case 1:
                    writer.write(1, beats, now, number)
                case 3:
                    writer.write(3, beats, time_offset=number & 31)
                case 4:
                    writer.write(4, beats)
            pulses += [float(beats)] if local in (0, 1, 3) else []
    data = writer.finish()
    fast, slow = both(data)
    assert_same(fast, slow)
    assert fast.columns[3].tolist() == pulses
    short = data[: max(len(data) - 2 - cut, 120)]
    found = fit_fast.messages(short, parts(short, "cut")[0], Deadline("cut"))
    assert found.columns[3].tolist() == pulses[: found.records]
    assert found.records >= len(pulses) - 1 - cut // 2  # no record is shorter than two bytes


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 65_534) | st.none(), min_size=1, max_size=8), st.sampled_from([FLOAT32, UINT16]))
def test_developer_fields_come_by_name_and_unit(values: list[int | None], base: int) -> None:
    writer = FitWriter()
    added = describe(writer, 2, "Form Power", base)
    writer.define(1, profile.RECORD, [Field(profile.TIMESTAMP, UINT32), added])
    for second, value in enumerate(values):
        writer.write(1, START + second, value)
    data = writer.finish()
    assert_same(*both(data))
    found = reader.read(data, "developer.fit").developer
    if all(v is None for v in values):
        assert found == ()
    else:
        assert [(f.name, f.unit) for f in found] == [("Form Power", "unit")]
        expected = np.array([np.nan if v is None else float(v) for v in values])
        np.testing.assert_array_equal(found[0].values, expected)


def test_the_profile_is_that_of_fitdecode() -> None:
    """Names, scales and offsets of fitdecode's tables, which are generated from the published profile."""
    from fitdecode.profile import MESSAGE_TYPES

    record = MESSAGE_TYPES[profile.RECORD].fields
    for number, quantity in profile.RECORD_FIELDS.items():
        assert (record[number].scale or 1.0, record[number].offset or 0.0) == (quantity.scale, quantity.offset), number
    names = {
        "latitude_deg": {"position_lat"}, "longitude_deg": {"position_long"}, "heart_rate_bpm": {"heart_rate"},
        "altitude_m": {"enhanced_altitude", "altitude"}, "distance_m": {"distance"}, "power_w": {"power"},
        "speed_m_s": {"enhanced_speed", "speed"}, "air_temp_c": {"temperature"}, "contact_time_s": {"stance_time"},
        "vertical_oscillation_m": {"vertical_oscillation"}, "step_length_m": {"step_length"},
    }  # fmt: skip
    for number, quantity in profile.RECORD_FIELDS.items():
        assert record[number].name in names[quantity.channel]
    assert record[profile.CADENCE].name == "cadence"
    assert record[profile.FRACTIONAL_CADENCE].name == "fractional_cadence"
    assert record[profile.FRACTIONAL_CADENCE].scale == profile.FRACTIONAL_CADENCE_SCALE
    session = MESSAGE_TYPES[profile.SESSION].fields
    assert [session[n].name for n in (2, 5, 6, 7, 8, 9)] == [
        "start_time", "sport", "sub_sport", "total_elapsed_time", "total_timer_time", "total_distance"
    ]  # fmt: skip
    assert (session[7].scale, session[8].scale, session[9].scale) == (1000, 1000, 100)
    assert {n: session[profile.SESSION_SPORT].type.enum.get(n) for n in profile.SPORTS} == profile.SPORTS
    sub_sports = session[profile.SESSION_SUB_SPORT].type.enum
    assert {n: sub_sports.get(n) for n in profile.SUB_SPORTS} == profile.SUB_SPORTS
    stops = MESSAGE_TYPES[profile.EVENT].fields[profile.EVENT_TYPE].type.enum
    assert {stops[n] for n in profile.TIMER_STOPS} == {"stop", "stop_all", "stop_disable", "stop_disable_all"}
    described = MESSAGE_TYPES[profile.FIELD_DESCRIPTION].fields
    assert [described[n].name for n in (0, 1, 2, 3, 8)] == [
        "developer_data_index", "field_definition_number", "fit_base_type_id", "field_name", "units"
    ]  # fmt: skip
    assert MESSAGE_TYPES[profile.DEVELOPER_ID].fields[profile.DEVELOPER_INDEX].name == "developer_data_index"


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 5), st.integers(0, 3000))
def test_the_checksum_is_that_of_fitdecode(seed: bytes, doublings: int, cut: int) -> None:
    from fitdecode.utils import compute_crc

    data = (seed + bytes(range(256)) * 130)[: 33_280 * (doublings + 1) // 6 - cut] * max(doublings, 1)
    expected = compute_crc(data) if data else 0
    assert crc16(data) == expected
    assert crc16(data + expected.to_bytes(2, "little")) == 0


def test_a_newer_protocol_is_left_to_fitdecode() -> None:
    """The fast decoder was written for protocol 2; a file that says 3 still gives the same."""
    data = bytearray(one_record([Field(3, UINT8)], [140]))
    data[1] = 0x30
    data[12:14] = b"\0\0"
    data[-2:] = crc16(bytes(data[:-2])).to_bytes(2, "little")
    assert parts(bytes(data), "x")[0][0].protocol == 3
    assert reader.read(bytes(data), "newer.fit").channels["heart_rate_bpm"].tolist() == [140.0]
