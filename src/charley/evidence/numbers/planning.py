"""The numbers of ``planning``, by id. Made from parameters_planning.toml by scripts/make_numbers.py."""

from typing import NamedTuple

from charley.evidence.numbers.filling import values


class PlanningNumbers(NamedTuple):
    """One field a row of parameters_planning.toml."""

    riegel_shortest_min: float  # 3.5 min: the equation was drawn from efforts of 3.5 to 230 min
    riegel_longest_min: float  # 230 min: the equation was drawn from efforts of 3.5 to 230 min
    riegel_log_sd: float  # 0.04 log time: well calibrated up to the half marathon, the spread not printed: about that …
    vickers_one_rmse_min: float  # 15.1 min: abstract: mean squared error 228 with one earlier race
    vickers_two_rmse_min: float  # 14.4 min: abstract: mean squared error 208 with two earlier races
    riegel_marathon_rmse_min: float  # 19.5 min: abstract: mean squared error 381 for the marathon, at least 10 min …
    vickers_shortest_race_km: float  # 5 km: races from 5 km to the half marathon
    vickers_most_weekly_km: float  # 160 km: recreational runners; 100 miles a week is beyond them
    tanda_fast_min: float  # 167 min: validated from 2:47
    tanda_slow_min: float  # 216 min: validated up to 3:36
    tanda_rmse_min: float  # 5.4 min: abstract: 5.4 min within 2:47 to 3:36
    tanda_weeks: float  # 8 weeks: means over the eight weeks before
    best_recent_days: float  # 365 days: older races say little of today
    best_standard_short: float  # 0.01 fraction: a watch that measures a little short still ran the standard distance
    best_standard_long: float  # 0.03 fraction: watches measure a little long: corners, crowds
    heat_from_wbgt_c: float  # 7.5 degC: middle of the coolest quarter of races, 5.1 to 10 C
    heat_fast_finish_min: float  # 132 min: the three fastest men
    heat_fast_percent_per_c: float  # 0.187 % per degC WBGT: abstract: 1.7 % off the record at 5 to 10 C, 4.5 % at 20 …
    heat_slow_finish_min: float  # 220 min: all finishers of a large marathon, about 3:40
    heat_slow_percent_per_c: float  # 0.97 % per degC WBGT: abstract: 1:53 min slower for each degree of air …
    heat_most_percent_per_c: float  # 1.2 % per degC WBGT: slower fields than that were not studied: the line ends here
    short_race_heat_power: float  # 0.5: own rule: what heat costs a marathon it costs a shorter race as the root of …
    heat_log_sd: float  # 0.35 log slope: people and places differ: about the spread between fields of 2:10 and 3:40 …
    pacing_execution_sd: float  # 0.015 log speed: how far the mean pace of a half strays from what was meant
    pace_beyond_most: float  # 0.04 fraction: one SD above the mean of what men start beyond own level …
    slump_from_share: float  # 0.711 fraction of the distance: 80 % of cramps and most slumps come after 30 of 42.2 …
    slump_least_ratio: float  # 0.6 fraction of own level: who has nothing left walks and jogs
    pace_error_mean_men: float  # 0.0178 log speed: scripts/calibrate_race.py
    pace_error_sd_men: float  # 0.0206 log speed: scripts/calibrate_race.py
    pace_error_mean_women: float  # 0.0202 log speed: scripts/calibrate_race.py
    pace_error_sd_women: float  # 0.0096 log speed: scripts/calibrate_race.py
    climate_day_swing_c: float  # 5 degC: half the swing between the coolest hour and the warmest, away from coasts: 8 …
    climate_coolest_hour: float  # 6 h: local time of the coolest hour, about sunrise
    climate_warmest_hour: float  # 15 h: local time of the warmest hour
    climate_width_c: float  # 5.3 degC: scripts/validate_races.py: set on a random half of the events
    unknown_temp_c: float  # 14 degC: a race of which neither place nor date is known
    unknown_temp_sd_c: float  # 7 degC: a race of which neither place nor date is known
    unknown_humidity: float  # 0.65 fraction: humidity that nobody told
    unknown_humidity_sd: float  # 0.15 fraction: humidity that nobody told
    unknown_sun_w_m2: float  # 350 W/m2: a morning with some cloud
    usual_clearness: float  # 0.6 fraction: share of a clear sky's sun on a usual day
    unknown_wind_m_s: float  # 2 m/s: wind at the height of runners
    wind_10m_to_runner: float  # 0.55 fraction: services tell wind at 10 m; among houses and trees less of it reaches …
    forecast_file_temp_sd_c: float  # 2 degC: a forecast some days ahead; days before a start it is better, ten days …
    forecast_file_humidity_sd: float  # 0.1 fraction: the same for humidity
    gain_most_chance: float  # 0.01 fraction: own rule: at most one in 100 may drink more than is lost
    sweat_unknown_sd: float  # 0.3 log rate: own rule: spread of a sweat rate that nobody weighed
    sweat_bias_low: float  # 0.7 factor: own rule: the sweat model may be wrong by this factor for all runners alike
    sweat_bias_high: float  # 1.1 factor: own rule: the sweat model may be wrong by this factor for all runners alike
    rail_cooler_c: float  # 4 degC: own rule: drink ceilings hold on a day that turns out so much cooler than said, …
    rail_margin_l: float  # 0.2 L: own rule: ceilings stay about a cup below what the rail allows, since cups are …
    rail_least_l: float  # 0.4 L: own rule: where less is surely lost over a race no cup is allowed, only sips; nobody …
    rail_least_l_h: float  # 0.15 L an hour: own rule: nor any cup where less than this is surely lost an hour; in a …
    weighings_needed: float  # 2 weighings: own rule: so many weighings in like weather narrow the sweat rate
    weighings_like_c: float  # 5 degC: like weather: within so many degrees
    weighing_log_sd: float  # 0.12 log rate: scatter of one weighing: scales, clothes, conditions that were not quite …
    weighed_day_log_sd: float  # 0.06 log rate: own rule: days of like weather still differ, however often the runner …
    shown_step_s: float  # 10 s: own rule: a plan is simulated again in steps of 10 s before it is shown
    sodium_floor_mmol_l: float  # 136 mmol/L: 1 above the limit of low blood sodium, 135
    loss_ceiling: float  # 0.04 fraction of body mass: own rule: twice the 2 % of the guideline, since races are run …
    drink_most_l_h: float  # 0.9 L/h: own rule: below what stomachs empty with repeated drinks
    sodium_most_mmol_h: float  # 50 mmol/h: own rule: about 1.2 g sodium an hour
    carbohydrate_most_g_h: float  # 75 g/h: up to 90 g/h of mixed sugars beyond 2.5 to 3 h; less than that for a gut …
    carbohydrate_short_g_h: float  # 60 g/h: 30 to 60 g/h for 1 to 2.5 h
    carbohydrate_long_h: float  # 2.5 h: beyond 2.5 to 3 h
    pace_freedom: float  # 0.07 fraction: own rule: no stretch may be planned further from the mean effort
    first_tenth_most: float  # 0.01 fraction: own rule: no plan starts more than 1 % faster than the mean effort
    lever_least: float  # 0.01 chance: own rule: what is worth less than one in 100 stays as the runner is used to
    lever_sure: float  # 0.9 fraction: own rule: a lever enters the plan only if it helps in so many of the draws
    cup_l: float  # 0.15 L: a paper cup as filled at drink stations
    station_every_km: float  # 5 km: drink stations of most road races
    station_first_km: float  # 5 km: drink stations of most road races
    walk_break_s: float  # 60 s: a minute's walk at each station
    walk_speed_m_s: float  # 1.7 m/s: a brisk walk
    coolest_planned_c: float  # -5 degC: own rule: the body model was compared with runs at 10 to 30 C; 15 below it …
    hottest_planned_c: float  # 36 degC: own rule: the body model was compared with runs at 10 to 30 C; 6 above it …
    shortest_planned_km: float  # 5 km: own rule: below 5 km nobody counted cramps, and none of it can be planned
    longest_planned_km: float  # 161 km: the longest race with a counted incidence
    slowest_planned_m_s: float  # 1.6 m/s: own rule: slower than that is a walk, of which the studies say nothing
    reach_least: float  # 0.01 fraction: own rule: a time that fewer than one in 100 runners like you could hold on a …
    adult_from_y: float  # 18 years: the studies are of adults
    low_energy_bmi: float  # 18.5 kg/m2: one of the signs of low energy availability; never shown
    height_noise_left_m: float  # 0.3 m: smoothing stops where so much scatter is left in a height
    height_smooth_least_m: float  # 60 m: no hill that a runner would name is shorter
    height_smooth_most_m: float  # 350 m: beyond it, hills would be smoothed away with the noise
    height_stretch_m: float  # 8000 m: stretches in which noise is told from hills: long enough for some of each
    height_rise_m: float  # 1.5 m: a smaller rise is no hill: barometers wander by so much on the flat
    height_hill_m: float  # 2000 m: about one turn from up to down in so many metres; each carries the scatter that is …
    height_error: float  # 0.08 fraction: how far a recording of a made-up course lies from its true climb, at most …
    meal_before_min: float  # 90 min: what runners are told (K63); nobody has tested it against cramps
    fluid_before_least_ml_kg: float  # 5 mL/kg: guideline G01, as later papers quote it
    fluid_before_most_ml_kg: float  # 7 mL/kg: guideline G01, as later papers quote it
    fluid_before_h: float  # 4 h: guideline G01, as later papers quote it
    warm_up_least_min: float  # 5 min: what runners are told (K70)
    warm_up_most_min: float  # 10 min: what runners are told (K70)
    sweat_chloride_a_sodium: float  # 0.9 mol/mol: chloride leaves with sodium, a little less of it
    banana_potassium_mg: float  # 420 mg: food tables, recalled: a banana of 120 g
    banana_sodium_mg: float  # 1 mg: food tables, recalled: a banana of 120 g
    bread_sodium_mg_100g: float  # 450 mg: food tables, recalled: 100 g of bread, about three slices
    milk_calcium_mg_glass: float  # 300 mg: food tables, recalled: a glass of 250 mL
    oats_magnesium_mg_100g: float  # 130 mg: food tables, recalled: 100 g of oats
    long_run_rise: float  # 0.1 fraction: single runs more than 10 % beyond the longest of 30 days went with more …
    week_rise: float  # 0.1 fraction: a habit, not a rule: the trial of the ten percent rule found no difference (D25)
    week_least_km: float  # 12 km: own rule: where a plan begins for who runs less, or has logged nothing
    long_least_km: float  # 5 km: own rule: the first long run of who has logged none
    long_share_of_week: float  # 0.4 fraction: own rule: a week is at least the long run over this share
    long_goal_share_marathon: float  # 0.75 fraction: about 32 km before a marathon, as common plans have it
    long_goal_share_half: float  # 0.9 fraction: about 19 km before a half marathon, as common plans have it
    long_goal_share_short: float  # 1.3 fraction: about 13 km before a race of 10 km, as common plans have it
    long_most_novice_min: float  # 180 min: own rule: a novice's long run ends after three hours, however far that is
    novice_pace_min_km: float  # 7.5 min/km: own rule: easy running and walking of who has logged nothing
    lighter_week_every: float  # 4 weeks: own rule: every fourth week is lighter
    lighter_week_share: float  # 0.75 fraction: own rule: every fourth week is lighter
    taper_cut: float  # 0.5 fraction: 41 to 60 % less over two weeks worked best for performance; nothing is known of …
    intervals_after_weeks: float  # 8 weeks: own rule: a novice runs easy for so long before the first faster running
    strength_sessions: float  # 2 sessions a week: own rule; no trial of calf raises counted cramps (D13 to D15)
    missed_share: float  # 0.7 fraction: own rule: after two missed weeks or more a plan goes on at this share of what …


PLANNING = PlanningNumbers._make(values("planning", PlanningNumbers._fields))
