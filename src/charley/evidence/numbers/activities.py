"""The numbers of ``activities``, by id. Made from parameters_activities.toml by scripts/make_numbers.py."""

from typing import NamedTuple

from charley.evidence.numbers.filling import values


class ActivitiesNumbers(NamedTuple):
    """One field a row of parameters_activities.toml."""

    max_speed_m_s: float  # 12.5 m/s: abstract: 12.14 m/s over 20 m by the fastest sprinter; rounded up
    gap_fill_max_s: float  # 10 s: watches that save space write a sample every 1 to 8 s; longer silences are gaps, …
    longest_step_s: float  # 120 s: trackers that save power write a point a minute; points rarer than that are no …
    gap_usual_steps: float  # 3: a silence of up to so many usual steps of a file is part of its recording: two points …
    break_usual_steps: float  # 2: a new segment, track or lap that begins later than so many usual steps is a pause
    silence_stood_m_s: float  # 0.2 m/s: over a silence: slower is standing; a position wanders by some tens of metres …
    silence_carried_factor: float  # 1.4: over a silence: faster than so many times the fast end (95 %) of the …
    silence_carried_s: float  # 60 s: shorter silences are not called a ride: a position that comes back is off by …
    vote_known_share: float  # 0.9: positions or speed that cover less of the running time have no vote on the distance
    vote_disagrees_factor: float  # 2: a counter is out-voted when it is off by so many tolerances of totals from two …
    long_gap_s: float  # 900 s: a silence of a quarter of an hour is told as a warning
    range_speed_to_distance: float  # 1: a device's speed, summed, over its distance, and its distance over the way …
    derived_speed_half_window_s: float  # 2 s: speed out of distance where the watch gives none: from 2 s before to 2 …
    grade_bin_m: float  # 5 m: altitude is averaged over bins of this length before its slope is taken
    grade_window_m: float  # 30 m: length over which altitude is smoothed; shorter ones follow the steps of the …
    range_grade: float  # 0: the slopes that were measured; steeper ones are clipped, not dropped
    range_heart_rate_bpm: float  # 150 1/min: 0 and 255 are how devices write missing; beyond the limits it is noise
    range_cadence_spm: float  # 170 1/min: abstract: 4.36 steps a second (262 a minute) at top speed; rounded up
    range_power_w: float  # 300 W: running power of wrist and foot sensors
    range_air_temp_c: float  # 20 degC: a sensor on the wrist; -255 and 127 are how devices write missing
    range_altitude_m: float  # 100 m: from below the Dead Sea to above Everest
    range_contact_time_s: float  # 0.25 s: from below a sprinter's 0.09 s to slow walking; 0 means missing
    range_vertical_oscillation_m: float  # 0.08 m: 0 means missing
    range_step_length_m: float  # 1 m: abstract: 2.70 m at top speed; rounded up; 0 means missing
    range_cadence_running_spm: float  # 170 1/min: a median below it while running: the file counts one leg where its …
    range_cadence_walking_spm: float  # 110 1/min: the same while walking, where nobody runs
    cadence_walking_speed_m_s: float  # 0.8 m/s: slower walking says nothing of how steps are counted
    cadence_evidence_s: float  # 60 s: running samples needed before cadence is doubled or halved
    cadence_running_speed_m_s: float  # 2 m/s: at and above the speed at which people change from walking to running
    min_elapsed_s: float  # 60 s: below it nothing can be said about cramps
    min_distance_m: float  # 200 m: below it nothing can be said about cramps
    totals_tolerance: float  # 0.02: share by which a device's total may differ from its samples before the samples …
    totals_tolerance_s: float  # 60 s: the same in seconds, for short runs
    totals_tolerance_m: float  # 100 m: the same in metres, for short runs
    record_400_m_time_s: float  # 43.03 s: 400 m, men; seconds
    record_800_m_time_s: float  # 100.91 s: 800 m, men; seconds
    record_1500_m_time_s: float  # 206 s: 1500 m, men; seconds
    record_5000_m_time_s: float  # 755.36 s: 5000 m, men: 12:35.36; seconds
    record_10000_m_time_s: float  # 1571 s: 10 000 m, men: 26:11.00; seconds
    record_half_marathon_time_s: float  # 3402 s: half marathon, men: 56:42; seconds
    record_marathon_time_s: float  # 7235 s: marathon, men: 2:00:35; seconds
    record_100_km_time_s: float  # 21935 s: 100 km on the road, men: 6:05:35; seconds
    ride_record_factor: float  # 1.03: faster than the record by more than this is no running: a position measures …
    ride_climb_m_s: float  # 0.7 m/s: faster than 1000 m of height in 29 min, which is the best on a vertical …
    ride_fast_factor: float  # 1.3: well above the fast end (90 %) of the runner's own speeds of that day
    ride_heart_drop_bpm: float  # 25 1/min: so far below the heart rate while running, at a higher speed, nobody runs
    ride_descent: float  # 0.05: on slopes steeper than this legs are fast and hearts slow
    ride_town_m_s: float  # 8 m/s: a car between two traffic lights; a runner's 400 m in 50 s
    ride_stop_s: float  # 300 s: a ride goes on over stops of up to so long: traffic, stations
    ride_running_s: float  # 60 s: clear running of so long ends a ride
    ride_least_s: float  # 120 s: shorter stretches are not called a ride, unless a record is beaten
    ride_least_m: float  # 300 m: shorter stretches are not called a ride, unless a record is beaten
    ride_least_run_s: float  # 300 s: what is left beside rides must be a run of so long, or nobody ran at all
    ride_many: float  # 3: so many rides in one recording: the whole of it is a ride with hills and lights
    ride_many_share: float  # 0.25: time in many rides over the rest of the time: beyond it, the rest is their slow part
    ride_steps_share: float  # 0.25: a file counts steps if it does so in this share of what may be running
    ride_named_factor: float  # 1.4: so far above the own fast end a stretch is named, and stays
    ride_named_m_s: float  # 5 m/s: 3:20 a km: slower stretches are not named
    ride_named_s: float  # 300 s: shorter stretches are not named: repeats of a kilometre
    plan_step_s: float  # 300 s: points that are usually so far apart in time are no recording of a run
    plan_slow_m_s: float  # 0.3 m/s: slower than standing about at a station
    plan_slow_share: float  # 0.9: share of the time that is so slow: the nights of a planned tour are counted in
    plan_slow_s: float  # 14400 s: nobody records standing about for so long


ACTIVITIES = ActivitiesNumbers._make(values("activities", ActivitiesNumbers._fields))
