"""The numbers of ``risk``, by id. Made from parameters_risk.toml by scripts/make_numbers.py."""

from typing import NamedTuple

from charley.evidence.numbers.filling import values


class RiskNumbers(NamedTuple):
    """One field a row of parameters_risk.toml."""

    frailty_log_variance_mean: float
    """-0.693 log: log of the variance of the run's own gamma frailty: normal, mean log 0.5, SD 0.5; runs of one
    person differ for reasons nobody logs."""
    residual_sd_with_factors: float
    """0.26 log hazard: what is left of a total SD of 0.60 between people once the core factors, with SD 0.54 in a
    plausible field, are modelled."""
    field_factor_mean: float
    """0.15 log hazard: how far an average field lies above an even-paced run at own level in mild weather: a start 1
    to 2 % too fast, some heat."""
    field_factor_sd: float
    """0.54 log hazard: SD of the sum of the core factors times their prior means over a plausible field."""
    mass_field_log_h42: float
    """-1.8 log cumulative hazard: 15 % a marathon: entry forms report far fewer cramps than study volunteers; SD 0.5
    covers the gap."""
    longest_effective_distance: float
    """161 km: the longest race with a counted incidence; an easy run is never placed on a longer one."""
    wbgt_threshold_c: float
    """18 degC: the prior on heat counts degrees of wet-bulb globe temperature above 18."""
    surge_threshold: float
    """1.1 ratio to the mean flat speed so far: an effort counts as a surge from 10 % above the mean so far."""
    surge_unit: float
    """0.1 ratio: one unit of surge: a further 10 % above the threshold, held."""
    surge_fade_s: float
    """180 s: a surge is felt for minutes: time constant of its fading."""
    slow_fatigue_unit: float
    """0.08 fraction: one SD of slow calf fatigue between 1000 simulated marathoners at 20 degrees."""
    usual_longest_ratio_10k: float
    """1.3 longest recent run over distance: what runners of a 10 km race usually have in their legs."""
    usual_longest_ratio_half: float
    """0.9 longest recent run over distance: what runners of a half marathon usually have in their legs."""
    usual_longest_ratio_marathon: float
    """0.73 longest recent run over distance: about 30 to 32 km before a marathon, as common plans have it."""
    habitual_carbohydrate_g_h: float
    """30 g/h: what is taken in a long run where nobody asked; the guideline's lower end."""
    after_half_life_h: float
    """1 h: half-life of cramps after the stop; the study of 56-km runners counted for six hours."""
    after_window_h: float
    """6 h: abstract: cramps during or within six hours."""
    stop_walking_m_s: float
    """1.8 m/s: below this a person walks; the hand-over of the cost models too; no study has labelled stops."""
    stop_standing_m_s: float
    """0.6 m/s: below this a person stands; no study has labelled stops."""
    stop_running_spm: float
    """140 steps/min: above this a person runs; no study has labelled stops."""
    stop_standing_spm: float
    """60 steps/min: below this a person stands or hobbles; no study has labelled stops."""
    stop_shortest_s: float
    """15 s: shorter halts are kerbs and cups; no study has labelled stops."""
    stop_fall_s: float
    """10 s: a sudden stop takes the step away within this time; no study has labelled stops."""
    stop_near_s: float
    """60 s: the minute before the stop; no study has labelled stops."""
    stop_look_back_s: float
    """600 s: the ten minutes that it is compared with; no study has labelled stops."""
    stop_fade: float
    """0.1 fraction: a loss of speed of this size in the minute before is a fade; no study has labelled stops."""
    stop_back_to_pace: float
    """0.92 fraction: above this share of the former speed the runner is back to pace; no study has labelled stops."""
    stop_plan_count: float
    """4 halts: fewer halts show no plan; no study has labelled stops."""
    stop_plan_variation: float
    """0.5 coefficient of variation: lengths and spacings that vary less are a plan; no study has labelled stops."""
    blind_stretch: float
    """0.6 share of the planned distance: how hard a run was is read off this first part of it: four in five cramps of
    marathons come after 30 km (Manjra 1996)"""
    start_share: float
    """0.2 share of the planned distance: what counts as the start of a run."""
    knee_fast_start: float
    """5 % above own level over the first part: crampers ran the first half 8.6 % faster than others of equal best
    times; the knee is put below that (our assumption)"""
    knee_pace_excess: float
    """3 % above own level, mean so far: own races spread by some 5 % around own level."""
    knee_surge: float
    """0.6 units of surge: a minute at 20 % above the mean so far reaches 0.3, three minutes 0.6."""
    knee_beyond_longest: float
    """2.5 10 % beyond the longest run of the last 30 days: injuries rise from 10 to 30 % on, further from 100 % on;
    of cramps nothing is known."""
    knee_descent: float
    """3 100 m of descent so far: hilly races descend some hundreds of metres."""
    knee_heat: float
    """17 degC of wet-bulb globe temperature: heat illness rises from 18 degC on; runners of cool places are used to
    less (our assumption)"""
    knee_water_loss: float
    """2 % of body mass lost so far: 2 % is where performance is said to suffer."""
    knee_low_fuel: float
    """0.6 share of leg glycogen spent: fatigue is felt once about half is spent."""
    field_beyond_knee: float
    """0.15 share of races: how often a race lies beyond the knee of any one stressor; the baseline is set so that a
    field with triggers cramps as often as was counted."""
    field_speed_km_h: float
    """10 km/h: turns distance into hours of background."""


RISK = RiskNumbers._make(values("risk", RiskNumbers._fields))
