"""The few numbers of the FIT profile that a run needs. Checked by a test against fitdecode's own tables."""

from __future__ import annotations

from dataclasses import dataclass

PROTOCOL = 2  # major version of the protocol that the fast decoder was written for
FIT_EPOCH_UNIX_S = 631_065_600.0  # FIT counts seconds from 1989-12-31 UTC
CLOCK_SET = 0x10000000  # a smaller time counts from power-on: the watch had no clock yet
DEGREES_PER_SEMICIRCLE = 180.0 / 2**31

FILE_ID, SPORT, SESSION, RECORD, EVENT, ACTIVITY, FIELD_DESCRIPTION, DEVELOPER_ID = 0, 12, 18, 20, 21, 34, 206, 207
TIME_CORRELATION = 162
KEPT = frozenset(
    {FILE_ID, SPORT, SESSION, EVENT, ACTIVITY, TIME_CORRELATION}
)  # messages of which each one is kept as it stands
TIMESTAMP = 253
COMPRESSED_SPEED_DISTANCE = 8  # three bytes: 12 bits of speed (1/100 m/s), 12 bits of distance (1/16 m), rolling


@dataclass(frozen=True, slots=True)
class Quantity:
    """A field of ``record``: value = raw / scale - offset in FIT's unit, times ``to_si``."""

    channel: str
    scale: float = 1.0
    offset: float = 0.0
    to_si: float = 1.0


# Field number -> channel. Where two fields feed one channel, the first of them that a record holds counts.
RECORD_FIELDS: dict[int, Quantity] = {
    0: Quantity("latitude_deg", to_si=DEGREES_PER_SEMICIRCLE),
    1: Quantity("longitude_deg", to_si=DEGREES_PER_SEMICIRCLE),
    78: Quantity("altitude_m", 5.0, 500.0),
    2: Quantity("altitude_m", 5.0, 500.0),
    3: Quantity("heart_rate_bpm"),
    5: Quantity("distance_m", 100.0),
    73: Quantity("speed_m_s", 1000.0),
    6: Quantity("speed_m_s", 1000.0),
    7: Quantity("power_w"),
    13: Quantity("air_temp_c"),
    39: Quantity("vertical_oscillation_m", 10.0, to_si=1e-3),
    41: Quantity("contact_time_s", 10.0, to_si=1e-3),
    85: Quantity("step_length_m", 10.0, to_si=1e-3),
}
CADENCE, FRACTIONAL_CADENCE = 4, 53  # turns of one leg a minute, and 1/128 turns more
FRACTIONAL_CADENCE_SCALE = 128.0
WANTED = frozenset(RECORD_FIELDS) | {CADENCE, FRACTIONAL_CADENCE, TIMESTAMP}

# Base type -> (NumPy letter, bytes, value that means "missing"). Strings (7) and bytes (13) are not numbers.
BASE_TYPES: dict[int, tuple[str, int, int | None]] = {
    0x00: ("u1", 1, 0xFF), 0x01: ("i1", 1, 0x7F), 0x02: ("u1", 1, 0xFF), 0x0A: ("u1", 1, 0),
    0x83: ("i2", 2, 0x7FFF), 0x84: ("u2", 2, 0xFFFF), 0x8B: ("u2", 2, 0),
    0x85: ("i4", 4, 0x7FFFFFFF), 0x86: ("u4", 4, 0xFFFFFFFF), 0x8C: ("u4", 4, 0),
    0x8E: ("i8", 8, 0x7FFFFFFFFFFFFFFF), 0x8F: ("u8", 8, 0xFFFFFFFFFFFFFFFF), 0x90: ("u8", 8, 0),
    0x88: ("f4", 4, None), 0x89: ("f8", 8, None),
}  # fmt: skip
STRING, BYTE = 0x07, 0x0D

# session: sport 5, sub_sport 6, start 2, elapsed 7, timer 8, distance 9; sport message: sport 0, sub_sport 1
SESSION_START, SESSION_SPORT, SESSION_SUB_SPORT, SESSION_ELAPSED, SESSION_TIMER, SESSION_DISTANCE = 2, 5, 6, 7, 8, 9
TIME_SCALE, DISTANCE_SCALE = 1000.0, 100.0
LOCAL_TIME = {ACTIVITY: 5, TIME_CORRELATION: 3}  # the local clock at the message's timestamp
EVENT_KIND, EVENT_TYPE, EVENT_TIMER = 0, 1, 0
TIMER_START, TIMER_STOPS = 0, frozenset({1, 4, 8, 9})  # stop, stop all, stop and disable, all of that
DEVELOPER_INDEX = 3  # in the message that names an application
DESCRIBED_INDEX, DESCRIBED_NUMBER, DESCRIBED_BASE_TYPE, DESCRIBED_NAME, DESCRIBED_UNIT = 0, 1, 2, 3, 8
FILE_TYPE, MANUFACTURER, PRODUCT, PRODUCT_NAME = 0, 1, 2, 8
ACTIVITY_FILE = 4
DEVELOPMENT = 255  # the manufacturer number for files that no product wrote

SPORTS: dict[int, str] = {
    0: "generic", 1: "running", 2: "cycling", 3: "transition", 4: "fitness_equipment", 5: "swimming",
    6: "basketball", 7: "soccer", 8: "tennis", 9: "american_football", 10: "training", 11: "walking",
    12: "cross_country_skiing", 13: "alpine_skiing", 14: "snowboarding", 15: "rowing", 16: "mountaineering",
    17: "hiking", 18: "multisport", 19: "paddling", 20: "flying", 21: "e_biking", 22: "motorcycling", 23: "boating",
    24: "driving", 25: "golf", 26: "hang_gliding", 27: "horseback_riding", 28: "hunting", 29: "fishing",
    30: "inline_skating", 31: "rock_climbing", 32: "sailing", 33: "ice_skating", 34: "sky_diving",
    35: "snowshoeing", 36: "snowmobiling", 37: "stand_up_paddleboarding", 38: "surfing", 39: "wakeboarding",
    40: "water_skiing", 41: "kayaking", 42: "rafting", 43: "windsurfing", 44: "kitesurfing", 45: "tactical",
    46: "jumpmaster", 47: "boxing", 48: "floor_climbing", 49: "baseball", 53: "diving", 62: "hiit", 64: "racket",
    65: "wheelchair_push_walk", 66: "wheelchair_push_run", 67: "meditation", 69: "disc_golf", 71: "cricket",
    72: "rugby", 73: "hockey", 74: "lacrosse", 75: "volleyball", 76: "water_tubing", 77: "wakesurfing",
    80: "mixed_martial_arts", 82: "snorkeling", 83: "dance", 84: "jump_rope",
}  # fmt: skip
SUB_SPORTS: dict[int, str] = {
    0: "generic", 1: "treadmill", 2: "street", 3: "trail", 4: "track", 14: "indoor_rowing", 6: "indoor_cycling",
    18: "open_water", 17: "lap_swimming", 45: "indoor_running", 58: "virtual_activity", 59: "obstacle",
    67: "ultra",
}  # fmt: skip
MANUFACTURERS: dict[int, str] = {
    1: "Garmin", 23: "Suunto", 32: "Wahoo", 38: "O-synce", 54: "IpBike", 70: "Sigma", 71: "TomTom", 76: "Moxy",
    89: "Tacx", 95: "Stryd", 123: "Polar", 260: "Zwift", 265: "Strava", 267: "Bryton", 294: "COROS",
}  # fmt: skip
