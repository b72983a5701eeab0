"""Temperature: the speed of channels, pumps and twitches."""

from __future__ import annotations

from charley.neuromuscular.parameters import Constants


def rate_factor(p: Constants, temperature_c: float) -> float:
    """Factor on the speed of channels, pumps and twitches: the usual Q10 law about body temperature."""
    factor: float = p.q10 ** ((temperature_c - p.reference_temperature_c) / 10.0)
    return factor


def at_temperature(p: Constants, temperature_c: float) -> Constants:
    """Constants with every channel, pump and twitch faster or slower by the Q10 law."""
    f = rate_factor(p, temperature_c)
    return p._replace(
        pic_time_ms=p.pic_time_ms / f,
        ahp_time_small_ms=p.ahp_time_small_ms / f,
        ahp_time_large_ms=p.ahp_time_large_ms / f,
        potassium_time_ms=p.potassium_time_ms / f,
        pump_time_ms=p.pump_time_ms / f,
        twitch_small_ms=p.twitch_small_ms / f,
        twitch_large_ms=p.twitch_large_ms / f,
        terminal_rate_limit=p.terminal_rate_limit * f,
    )
