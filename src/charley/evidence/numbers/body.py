"""The numbers of ``body``, by id. Made from parameters_body.toml by scripts/make_numbers.py."""

from typing import NamedTuple

from charley.evidence.numbers.filling import values


class BodyNumbers(NamedTuple):
    """One field a row of parameters_body.toml."""

    height_m: float  # 1.728 m: 97 recreational marathoners, 172.8 (9.1) cm; the SD is that within one sex
    body_mass_index_kg_m2: float  # 23.1 kg/m2: 69.2 (11.3) kg at 1.728 (0.091) m
    body_fat: float  # 0.18: plausible for recreational runners of both sexes; women 0.07 above men
    body_fat_female_shift: float  # 0.07: essential fat differs between the sexes
    height_female_ratio: float  # 0.93: women are about 7 % shorter than men
    female_share: float  # 0.35: 34 of 97 recreational marathoners
    age_y: float  # 42.4 y: 97 recreational marathoners, 42.4 (9.9) years
    running_cost_0: float  # 3.6 J/kg/m: running polynomial, power 0 of the grade
    running_cost_1: float  # 19.5 J/kg/m: running polynomial, power 1 of the grade
    running_cost_2: float  # 46.3 J/kg/m: running polynomial, power 2 of the grade
    running_cost_3: float  # -43.3 J/kg/m: running polynomial, power 3 of the grade
    running_cost_4: float  # -30.4 J/kg/m: running polynomial, power 4 of the grade
    running_cost_5: float  # 155.4 J/kg/m: running polynomial, power 5 of the grade
    walking_cost_0: float  # 2.5 J/kg/m: walking polynomial, power 0 of the grade
    walking_cost_1: float  # 19.6 J/kg/m: walking polynomial, power 1 of the grade
    walking_cost_2: float  # 51.9 J/kg/m: walking polynomial, power 2 of the grade
    walking_cost_3: float  # -76.8 J/kg/m: walking polynomial, power 3 of the grade
    walking_cost_4: float  # -58.7 J/kg/m: walking polynomial, power 4 of the grade
    walking_cost_5: float  # 280.5 J/kg/m: walking polynomial, power 5 of the grade
    cost_grade_limit: float  # 0.45: steepest slope measured
    gait_speed_m_s: float  # 1.95 m/s: people change between walking and running near 2 m/s
    gait_width_m_s: float  # 0.05 m/s: so that a walk of 1.8 m/s is all but pure walking
    economy: float  # 1: factor on the cost; between-runner SD of 6 %, as economy is known to differ
    drag_area_m2: float  # 0.4 m2: drag coefficient times frontal area of an upright runner
    air_density_kg_m3: float  # 1.2 kg/m3: dry air near 20 C at sea level
    drag_cost_per_body_weight: float  # 6.13: 6.13 % of metabolic power for 1 % of body weight of impeding force
    oxygen_energy_j_ml: float  # 20.9 J/mL: energy equivalent of oxygen at a mixed diet
    standing_metabolism_w_kg: float  # 1.4 W/kg: quiet standing, about 4 mL/kg/min of oxygen
    economy_drift: float  # 0.058: 5.8 % more oxygen after 120 min, 4.2 % after 90 min
    economy_drift_limit: float  # 1.5: no drift is known beyond three hours of hard running
    metabolic_ceiling: float  # 1.2: no run is credited with more than this multiple of maximal oxygen uptake; beyond …
    critical_speed_m_s: float  # 3.85 m/s: 3.74 m/s from training files of an online platform, 5 % more from races; …
    critical_speed_limit_m_s: float  # 6.6 m/s: beyond the critical speed of world records over 5 and 10 km; a file …
    level_female_ratio: float  # 0.89: women are slower by about a tenth at all distances (size of the gap assumed)
    level_age_per_y: float  # 0.007 1/y: speed lost a year beyond 40
    level_age_from_y: float  # 40 y: age from which the loss is counted
    d_prime_m: float  # 180 m: typical error 88 m between field and treadmill; values of 100 to 300 m are usual
    marathon_from_cs_error: float  # 0.1: between the error of marathon performance from critical speed, 7.67 %, and …
    training_bests_ratio: float  # 0.95: critical speed from training files over that from races: set so that a half …
    marathon_fast_finish_min: float  # 150 min: abstract: 93.0 % of critical speed for 150 min
    marathon_fast_percent_cs: float  # 93 %: abstract: 93.0 % of critical speed for 150 min
    marathon_slow_finish_min: float  # 360 min: abstract: 78.9 % of critical speed for 360 min
    marathon_slow_percent_cs: float  # 78.9 %: abstract: 78.9 % of critical speed for 360 min
    level_hyperbola_limit_s: float  # 1500 s: critical speed describes efforts up to 20 to 30 min
    level_steepness_least: float  # 0.01: nobody slows by less than this exponent over distance
    sustainable_cap_m: float  # 250000 m: no data bear on longer runs
    best_above_sd: float  # 0.015: a race can beat the curve of capacity by about this (course, clock, curve)
    best_below_sd: float  # 0.03: a best can fall short of capacity by about this; bests from training more
    proof_least_m: float  # 3000 m: shorter pieces of a file are too noisy to prove a level
    proof_above_sd: float  # 0.02: error of flat-equivalent speed over some kilometres of a file
    critical_speed_oxygen_share: float  # 0.86: 86.1 (1.5) % of the speed at maximal uptake in the highly trained; …
    heart_rate_max_at_birth_bpm: float  # 208 1/min: 208 - 0.7 age
    heart_rate_max_per_y_bpm: float  # 0.7 1/min/y: 208 - 0.7 age
    heart_rate_max_female_bpm: float  # -5 1/min: women marathoners lay 4.9 below the rule
    heart_rate_max_error_bpm: float  # 0 1/min: error of rules from age: 7 to 11 beats a minute
    heart_rate_slope: float  # 0.645: 63, 76, 89, 92 % of maximal heart rate at 40, 60, 80, 85 % of maximal uptake
    heart_rate_intercept: float  # 0.373: 63, 76, 89, 92 % of maximal heart rate at 40, 60, 80, 85 % of maximal uptake
    heart_rate_level_sd: float  # 0.08: scatter of level from heart rate beside the maximal rate: heat, drift, wrist …
    heart_rate_from_s: float  # 600 s: heart rate settles in the first ten minutes
    heart_rate_until_s: float  # 4200 s: later it drifts away from oxygen uptake
    heart_rate_grade_limit: float  # 0.06: steeper stretches tell little of level
    d_prime_floor_m: float  # -200 m: how far the reserve may go below 0 as a sign that the pace is above what was …
    heart_rate_least_s: float  # 300 s: less heart rate than this tells nothing
    heart_rate_share_least: float  # 0.4: lower heart rates while running are a sensor's fault
    speed_limit_m_s: float  # 12.5 m/s: faster than the fastest sprinter
    standing_m_s: float  # 0.3 m/s: slower is standing
    level_exceeded: float  # 0.05: a run this much faster than the level says that the level is wrong
    climbing_efficiency_limit: float  # 0.25: potential energy over cost on the steepest slopes is 0.21 to 0.25
    braking_grade: float  # -0.2: steeper downhill the fit is weak
    heat_cool_c: float  # 10 C: the coolest marathon that the model was compared with was run at 12 C
    heat_hot_c: float  # 30 C: hottest run that the model was compared with
    vo2max_per_k2: float  # 0.0633 1/K2: scripts/calibrate_ceiling.py, seven falls between 15 min and the end of a …
    vo2max_per_percent: float  # 0.0102 1/%: the same fit
    vo2max_core_from_c: float  # 38.5 C: from where the core counts; chosen with the same fit among 38, 38.5 and 39
    vo2max_skin_from_c: float  # 34 C: from where the skin counts; chosen with the same fit among 33, 34 and 35
    vo2max_left_least: float  # 0.6: of the fresh uptake is always left; no study saw a fall by a third
    vo2max_water_from_percent: float  # 2 %: below 2 % of body mass aerobic performance hardly suffers
    durability_known_load: float  # 1: measured to 120 min
    durability_gain: float  # 0.184: 0.964 and 0.929 of fresh threshold speed after 90 and 120 min; 50 % between …
    durability_power: float  # 4: shape through 90 and 120 min
    durability_saturation: float  # 1.5: so that what is left after a marathon is about the speed at which marathons …
    durability_intensity: float  # 0.87: 14.0 to 13.0 km/h at threshold, about 0.87 of critical speed
    durability_hours_s: float  # 7200 s: one unit of load is two hours
    surface_factor: float  # 0.202 m2: 0.202 m^0.425 h^0.725
    surface_mass_power: float  # 0.425: 0.202 m^0.425 h^0.725
    surface_height_power: float  # 0.725: 0.202 m^0.425 h^0.725
    magnus_pressure_kpa: float  # 0.61094 kPa: Magnus form over water
    magnus_factor: float  # 17.625: Magnus form over water
    magnus_offset_c: float  # 243.04 C: Magnus form over water
    still_air_m_s: float  # 0.3 m/s: own warmth moves the air when nothing else does
    convection_factor: float  # 10.4 W/m2/K: whole standing manikin, 10.4 v^0.56 (equation recalled)
    convection_power: float  # 0.56: whole standing manikin, 10.4 v^0.56 (equation recalled)
    exchange_factor: float  # 1: spread of published coefficients, and of wind, crowds and posture
    radiation_w_m2_k: float  # 4.7 W/m2/K: linear radiation coefficient
    radiating_share: float  # 0.72: share of the skin that radiates
    clothing_area_per_clo: float  # 0.28 1/clo: surface grows with insulation
    m2_k_w_per_clo: float  # 0.155 m2 K/W: definition of the clo
    clothing_pumping: float  # 0.7: running pumps 30 % of the insulation out
    clothing_warm_c: float  # 20 C: above this, shorts and singlet
    clothing_warm_clo: float  # 0.12 clo: shorts, singlet, socks, shoes
    clothing_per_k: float  # 0.03 clo/K: 0.36 clo at 12 C: set so that a marathon there costs nearly the mass that was …
    clothing_factor: float  # 1: people dress differently at one temperature
    solar_absorbed: float  # 0.7: skin and light clothing
    solar_projection: float  # 0.18: sunlit share of the surface, sky and ground light with it
    lewis_k_kpa: float  # 16.5 K/kPa: Lewis relation
    permeation: float  # 0.7: evaporation against dry exchange, radiation and light clothing in it
    evaporation_j_g: float  # 2426 J/g: heat of evaporation near skin temperature
    breath_dry_per_k: float  # 0.0014 1/K: 0.0014 M (34 - Ta)
    breath_wet_per_kpa: float  # 0.0173 1/kPa: 0.0173 M (5.87 - pa)
    breath_temp_c: float  # 34 C: 0.0014 M (34 - Ta)
    breath_vapour_kpa: float  # 5.87 kPa: 0.0173 M (5.87 - pa)
    skin_flow_rest: float  # 6.3 L/m2/h: resting skin blood flow
    skin_flow_gain: float  # 30 L/m2/h/K: gentler than the original 200 per K of signal, so that a runner settles near …
    skin_flow_closing: float  # 0.1 1/K: gentler than the original 0.5
    skin_flow_limit: float  # 90 L/m2/h: upper limit of skin blood flow
    core_neutral_c: float  # 36.8 C: neutral core temperature
    skin_neutral_c: float  # 33.7 C: neutral skin temperature
    tissue_conductance: float  # 5.28 W/m2/K: conductance without blood flow
    blood_heat_factor: float  # 1.163 W h/L/K: heat carried by a litre of blood
    shiver_gain: float  # 19.4 W/m2/K2: 19.4 (37 - Tc)+ (34 - Ts)+
    shiver_core_c: float  # 37 C: 19.4 (37 - Tc)+ (34 - Ts)+
    shiver_skin_c: float  # 34 C: 19.4 (37 - Tc)+ (34 - Ts)+
    body_heat_j_kg_k: float  # 3490 J/kg/K: specific heat of the body
    core_mass_share: float  # 0.9: share of the mass in the core
    core_start_c: float  # 37 C: rectal temperature before a race
    skin_start_c: float  # 33 C: mean skin temperature before a race
    core_lowest_c: float  # 30 C: the model stops here: nobody runs on
    core_highest_c: float  # 43.5 C: the model stops here: nobody runs on
    skin_lowest_c: float  # 0 C: the model stops here: frostbite
    skin_highest_c: float  # 45 C: the model stops here: burns
    sweat_gain: float  # 390 g/m2/h/K: set on three sweat losses of running on a treadmill by …
    sweat_threshold_c: float  # 36.9 C: body temperature at which sweating starts; lower in the heat-acclimatised
    sweat_limit_l_h: float  # 3 L/h: 506 athletes sweated 0.26 to 5.73 L/h; few above 3
    evaporating_share: float  # 0.97: sweat that dries on the skin and not in cloth and hair; what runs off wet skin …
    core_control_share: float  # 0.9: 0.9 core + 0.1 skin
    sweat_local_k: float  # 10.7 K: exp((Ts - 33.7)/10.7)
    sweat_local_limit: float  # 0.5: the local factor is held where no data are
    sweat_lag_s: float  # 300 s: sweating settles within some minutes
    sweat_loss_per_percent: float  # 0.03 1/%: a water deficit lowers sweating; size about 3 % per per cent
    sweat_kept_percent: float  # 8 %: up to here only the slope acts
    sweat_stops_percent: float  # 20 %: no sweat at a deficit that nobody survives
    gonzalez_constant: float  # 147 g/m2/h: abstract: 147 + 1.527 Ereq - 0.87 Emax
    gonzalez_required: float  # 1.527 g/h/W: abstract: 147 + 1.527 Ereq - 0.87 Emax
    gonzalez_limit: float  # 0.87 g/h/W: abstract: 147 + 1.527 Ereq - 0.87 Emax
    sweat_sodium_mmol_l: float  # 35.9 mmol/L: whole body, 35.9 (10.4), range 18.2 to 70.8
    sweat_sodium_power: float  # 0.4: 30.6 to 49.4 mmol/L from low to high intensity
    sweat_potassium_mmol_l: float  # 5.68 mmol/L: 222 ug/mL
    sweat_rate_athletes_l_h: float  # 1.21 L/h: abstract: 1.21 (0.68) L/h
    sweat_rate_least_l_h: float  # 0.05 L/h: below this the power law is not used
    sweat_sodium_ceiling_mmol_l: float  # 110 mmol/L: highest forearm value 104.8
    sweat_to_plasma_limit: float  # 0.9: sweat is more dilute than plasma
    forearm_sodium_mmol_l: float  # 43.6 mmol/L: abstract: forearm 43.6 (18.2)
    forearm_slope: float  # 0.57: whole body = 0.57 forearm + 11.05
    forearm_intercept_mmol_l: float  # 11.05 mmol/L: whole body = 0.57 forearm + 11.05
    sweat_sodium_ug_ml: float  # 863 ug/mL: abstract
    sweat_potassium_ug_ml: float  # 222 ug/mL: abstract
    sweat_calcium_ug_ml: float  # 16 ug/mL: abstract
    sweat_magnesium_ug_ml: float  # 1.265 ug/mL: abstract
    edelman_slope: float  # 1.03: 1.03 (Nae + Ke)/TBW - 23.8 (recalled)
    edelman_offset_mmol_l: float  # 23.8 mmol/L: 1.03 (Nae + Ke)/TBW - 23.8 (recalled)
    plasma_sodium_start_mmol_l: float  # 140 mmol/L: reference range of healthy people before a race
    potassium_share: float  # 0.52: share of potassium among the exchangeable ions
    emptying_per_min: float  # 0.05 1/min: 0.46 L/h with 150 mL every 15 min, more than 1 L/h with repeated 350 mL …
    emptying_limit_l_h: float  # 1.2 L/h: the same data
    emptying_slowing_l_g: float  # 0.012 L/g: a drink of 60 g/L empties 40 % slower
    stomach_concentration_limit: float  # 200 g/L: thicker drinks are taken as this
    stomach_least_l: float  # 0.02 L: stands for an empty stomach
    stomach_capacity_l: float  # 2 L: more than this comes back
    stomach_sodium_capacity_mmol: float  # 350 mmol: 20 g of salt come back
    stomach_food_capacity_g: float  # 300 g: more carbohydrate than this comes back
    stomach_dissolved_g_l: float  # 150 g/L: what a drink dissolves of gels and food
    stomach_solid_s: float  # 1200 s: undissolved food leaves within some twenty minutes
    drink_potassium_mmol_l: float  # 3 mmol/L: sports drinks; water has less
    carbohydrate_absorption_g_h: float  # 60 g/h: up to 60 g/h of one sugar, 90 g/h of two (recalled)
    water_of_lean_l_kg: float  # 0.73 L/kg: water of lean mass
    exercise_urine_ml_min: float  # 0.25 mL/min: exercise holds water back
    urine_gain: float  # 0.7 mL/min per mmol/L: more urine once plasma is diluted
    urine_dilution_mmol_l: float  # 1 mmol/L: fall of plasma sodium from which urine rises
    urine_limit_ml_min: float  # 10 mL/min: the kidneys excrete at most 0.6 to 1 L/h of water
    urine_sodium_mmol_l: float  # 60 mmol/L: between dilute and concentrated urine
    urine_potassium_mmol_l: float  # 40 mmol/L: between dilute and concentrated urine
    drinking_fails_mmol_l: float  # 115 mmol/L: below this people are confused and vomit
    drinking_stops_mmol_l: float  # 105 mmol/L: below this nobody drinks on
    sodium_stores_per_h: float  # 0.28 1/h: set on the shares of gainers with low, usual and high plasma sodium by …
    plasma_per_body_water: float  # 1.3: 5 % of body water and 6.5 (7.8) % of plasma volume lost in a marathon
    glycogen_water_g_g: float  # 1 g/g: water set free with a gram of glycogen; contested, 0 to 3
    habitual_drink_l_h: float  # 0.45 L/h: 1.4 L in marathons of 3.5 h; 0.55 (0.34) L/h in winners; recreational …
    habitual_drink_sodium_mmol_l: float  # 10 mmol/L: a mixture of water and sports drinks
    habitual_drink_carbohydrate_g_l: float  # 25 g/L: a mixture of water and sports drinks
    habitual_carbohydrate_g_h: float  # 15 g/h: gels and food beside the drinks
    carbohydrate_share_0: float  # 0.01: 0.73 i^2 + 0.25 i + 0.01, power 0
    carbohydrate_share_1: float  # 0.25: 0.73 i^2 + 0.25 i + 0.01, power 1
    carbohydrate_share_2: float  # 0.73: 0.73 i^2 + 0.25 i + 0.01, power 2
    carbohydrate_share_least: float  # 0.05: some carbohydrate always burns
    glycogen_kcal_kg_muscle: float  # 100 kcal/kg: 80 usual, 120 after loading
    leg_muscle_share_male: float  # 0.214: leg muscle of body mass, men
    leg_muscle_share_female: float  # 0.2: leg muscle of body mass, women
    liver_mass_share: float  # 0.025: liver of body mass
    liver_density_kcal_kg: float  # 360 kcal/kg: glycogen of a full liver
    running_kcal_kg_km: float  # 1 kcal/kg/km: energy of a kilometre
    carbohydrate_kcal_g: float  # 4.1 kcal/g: energy of glycogen
    carbohydrate_j_g: float  # 17154 J/g: 4.1 kcal/g
    fat_j_g: float  # 37000 J/g: energy of fat
    liver_start_g_kg: float  # 1.3 g/kg: 90 g at 70 kg, as after a breakfast
    leg_switch_g: float  # 25 g: below this the legs turn to fat
    pool_switch_g: float  # 5 g: what is eaten keeps carbohydrate burning
    fed_share: float  # 0.25: the share that food alone can hold up
    eaten_share_limit: float  # 0.8: eaten carbohydrate supplies at most this of what burns
    pool_half_g: float  # 2 g: smooth end of the pool
    liver_share: float  # 0.25: share that the liver supplies
    liver_limit_g_s: float  # 0.0167 g/s: about one gram a minute
    liver_half_g: float  # 8 g: smooth end of the liver store
    leg_half_g: float  # 2 g: smooth end of the leg store
    water_of_carbohydrate: float  # 0.55 g/g: water of oxidation
    water_of_fat: float  # 1.07 g/g: water of oxidation
    cadence_standing_spm: float  # 146 1/min: line through 157 to 169 at 2.7 m/s and 160 at 3.5 m/s, rising to 180 at …
    cadence_per_m_s: float  # 6 1/min per m/s: rise with speed
    walk_cadence_standing_spm: float  # 60 1/min: 110 steps a minute at 1.4 m/s
    walk_cadence_per_m_s: float  # 36 1/min per m/s: 110 steps a minute at 1.4 m/s
    cadence_least_spm: float  # 60 1/min: slower steps are a recording of something else
    contact_factor_s: float  # 0.515 s: 271 to 284 ms at 2.7 m/s
    contact_power: float  # -0.62: fall with speed
    contact_slowest_m_s: float  # 1 m/s: slower than anyone runs
    contact_fastest_m_s: float  # 9 m/s: faster than anyone runs for long
    walk_peak_force_bw: float  # 1.2 BW: peak vertical force of walking
    walk_contact_share: float  # 0.6: stance share of walking
    achilles_leverage: float  # 2.6: methods differ by a factor of two; only ratios are usable
    forefoot: float  # 0.15 0 heel..1 forefoot: most recreational runners land on the heel
    shoe_drop_mm: float  # 8 mm: usual running shoes
    forefoot_effect: float  # 0.11: Achilles impulse per step 11 % higher
    drop_effect: float  # 0.05: per 8 mm less drop; the sign is likely, the size is not known
    drop_reference_mm: float  # 8 mm: usual running shoes
    calf_per_grade: float  # 1: 10 % of slope, 10 % of calf load; the sign is not established
    achilles_lever_m: float  # 0.05 m: lever arm of the Achilles tendon
    calf_moment_nm_kg: float  # 2.4 N m/kg: isometric plantarflexor strength of trained legs
    stretch_gain: float  # 1.6: force of a muscle that is stretched first, over isometric
    activation_limit: float  # 1.2: no muscle does more
    calf_reference: float  # 0.727: calf effort at 3.35 m/s
    quadriceps_reference: float  # 0.55: quadriceps effort at 3.35 m/s on the level
    quadriceps_per_grade: float  # 1.5: more downhill
    hamstring_reference: float  # 0.4: hamstring effort at 3.35 m/s on the level
    hamstring_power: float  # 1.5: rise with speed
    peak_force_reference_bw: float  # 2.22 BW: peak vertical force at 3.35 m/s
    speed_reference_m_s: float  # 3.35 m/s: speed at which efforts are stated
    eccentric_per_grade: float  # 15: braking load grows with the slope
    eccentric_unit: float  # 10000: a scale
    endurance_general_factor_s: float  # 21.92 s: Table 2, general b0
    endurance_general_power: float  # -1.98: Table 2, general b1
    endurance_ankle_factor_s: float  # 34.71 s: Table 2, ankle b0
    endurance_ankle_power: float  # -2.06: Table 2, ankle b1
    endurance_knee_factor_s: float  # 19.38 s: Table 2, knee b0
    endurance_knee_power: float  # -1.88: Table 2, knee b1
    ankle_fatigue_per_s: float  # 0.00589 1/s: Table 1, ankle F
    ankle_recovery_per_s: float  # 0.00058 1/s: Table 1, ankle R (the abstract prints 0.0182, which belongs to the …
    knee_fatigue_per_s: float  # 0.015 1/s: Table 1, knee F
    knee_recovery_per_s: float  # 0.00149 1/s: Table 1, knee R
    hamstring_fatigue_per_s: float  # 0.0088 1/s: between ankle and knee
    hamstring_recovery_per_s: float  # 0.00087 1/s: between ankle and knee
    plantarflexor_fatigue_per_s: float  # 0.00695 1/s: plantarflexor F, both sexes
    plantarflexor_recovery_per_s: float  # 0.00096 1/s: plantarflexor R, both sexes
    rest_factor: float  # 15: recovery in rest is this much faster
    slow_ceiling: float  # 0.35: most strength that running for hours takes away
    slow_time_h: float  # 3.3 h: 17 % of plantarflexor strength lost after 2 h, 22 to 26 % of knee extension after a …
    slow_power: float  # 2: how slow fatigue grows with the effort of a step
    slow_recovery_h: float  # 36 h: strength back within days
    slow_low_fuel: float  # 0: effect of low glycogen on slow fatigue; sign likely positive, size unknown: left to the …
    slow_heat: float  # 0 1/K: effect of a core above 38.5 C; left to the runner's own cramps
    slow_water: float  # 0 1/%: effect of a water deficit above 2 %; left to the runner's own cramps
    slow_heat_from_c: float  # 38.5 C: core temperature from which heat counts
    slow_deficit_from_percent: float  # 2 %: deficit from which water counts
    slow_eccentric_per_grade: float  # 6: quadriceps downhill
    vdot_cost_0: float  # -4.6 mL/kg/min: oxygen cost, power 0 of the speed in m/min
    vdot_cost_1: float  # 0.182258 mL/kg/min: oxygen cost, power 1 of the speed in m/min
    vdot_cost_2: float  # 0.000104 mL/kg/min: oxygen cost, power 2 of the speed in m/min
    vdot_share: float  # 0.8: share of maximal uptake over time
    vdot_slow_factor: float  # 0.189439: share of maximal uptake over time
    vdot_slow_rate: float  # 0.012778 1/min: share of maximal uptake over time
    vdot_fast_factor: float  # 0.298956: share of maximal uptake over time
    vdot_fast_rate: float  # 0.193261 1/min: share of maximal uptake over time
    riegel_power: float  # 1.06: time grows with distance to this power
    vickers_power: float  # 1.07: additional file 1
    vickers_one_0: float  # 0.160186 m/s: additional file 1, model 1
    vickers_one_1: float  # 0.830762 m/s: additional file 1, model 1
    vickers_one_2: float  # 0.0642383 m/s: additional file 1, model 1
    vickers_two_0: float  # 1.45108: additional file 1, model 2
    vickers_two_1: float  # -0.237979: additional file 1, model 2
    vickers_two_2: float  # -0.0141002: additional file 1, model 2
    tanda_constant_s_km: float  # 17.1 s/km: 17.1 + 140 exp(-0.0053 K) + 0.55 P
    tanda_volume_s_km: float  # 140 s/km: 17.1 + 140 exp(-0.0053 K) + 0.55 P
    tanda_volume_rate: float  # 0.0053 week/km: 17.1 + 140 exp(-0.0053 K) + 0.55 P
    tanda_pace_factor: float  # 0.55: 17.1 + 140 exp(-0.0053 K) + 0.55 P
    tanda_rmse_min: float  # 5.4 min: abstract: RMSE from 2:47 to 3:36; 9.5 min below
    ten_percent_rule_effect: float  # 0 log odds: randomised trial: injuries in 20.8 and 20.3 %, no difference
    taper_volume_cut_percent: float  # 50 %: abstract: 41 to 60 % less over two weeks
    wbgt_temp: float  # 0.735: the equation, as a public implementation holds it
    wbgt_humidity: float  # 0.0374 C/%: the equation, as a public implementation holds it
    wbgt_temp_humidity: float  # 0.00292 1/%: the equation, as a public implementation holds it
    wbgt_sun: float  # 7.619 C m2/kW: the equation, as a public implementation holds it
    wbgt_sun_squared: float  # 4.557 C m4/kW2: the equation, as a public implementation holds it
    wbgt_wind: float  # 0.0572 C s/m: the equation, as a public implementation holds it
    wbgt_offset_c: float  # 4.064 C: the equation, as a public implementation holds it
    clear_sky_w_m2: float  # 1098 W/m2: 1098 cos z exp(-0.057 / cos z)
    clear_sky_depth: float  # 0.057: 1098 cos z exp(-0.057 / cos z)
    earth_tilt_deg: float  # 23.44 deg: obliquity of the ecliptic
    clearness: float  # 0.55: sun that clouds and streets let through, of a clear sky
    solar_w_m2: float  # 200 W/m2: where neither place nor hour is known
    watch_bias_c: float  # 5 C: a watch on a wrist reads too warm; makers advise to take it off for 20 to 30 min
    watch_bias_sd_c: float  # 4 C: a watch on a wrist reads too warm
    climate_equator_c: float  # 27.5 C: annual mean at sea level; falls with the square of latitude
    climate_latitude_c: float  # 0.0065 C/deg2: 10 C at 52 degrees
    climate_season_c: float  # 0.2 C/deg: half the yearly swing, 10 C at 52 degrees
    climate_sd_c: float  # 6 C: days differ from the month, places from the latitude
    air_temp_c: float  # 14 C: where neither place nor season is known
    relative_humidity: float  # 0.65: usual at places and hours where people run
    wind_m_s: float  # 1.5 m/s: at the height of runners, streets and trees in between
    reference_air_temp_c: float  # 12 C: mild weather, in which marathons are run fastest
    reference_humidity: float  # 0.65: mild weather
    reference_wind_m_s: float  # 1.5 m/s: mild weather
    reference_solar_w_m2: float  # 200 W/m2: mild weather
    weighed_sweat_sd: float  # 0.12: scales, clothes, and conditions that were not quite the same
    sweat_trial_s: float  # 3600 s: length of the trial run to which a weighed rate is matched
    sweat_trial_share: float  # 0.9: its speed, as a share of marathon level
    sweat_trial_air_temp_c: float  # 18 C: where no run is given: a training day on which people weigh themselves
    sweat_test_sd: float  # 0.12: error of a sweat sodium test by patch against whole body
    met_w_kg: float  # 1.22 W/kg: one metabolic equivalent: 3.5 mL of oxygen per kg and minute at 20.9 J per mL
    met_cycling: float  # 9: cycling at 19 to 26 km/h: 8 to 10
    met_swimming: float  # 8: swimming, crawl, medium speed: 8.3; leisurely 6
    met_rowing: float  # 7: rowing, vigorous: 7 to 8.5
    met_skiing: float  # 9: cross-country skiing at 6 to 8 km/h: 9
    met_other: float  # 6: sports that are not named here
    other_sport_share_least: float  # 0.25: share of maximal oxygen uptake that a low heart rate in another sport is …
    heat_acclimation: float  # 0: 0: people as studies found them, whose state is mostly not printed; 1: after weeks …
    acclimation_exposures: float  # 4.2: whole-body sweating after six and sixteen exposures: 0.87, 1.09 and 1.16 L/h
    acclimation_lost_per_day: float  # 0.026 1/d: end-exercise core temperature; heart rate 0.023
    acclimation_window_days: float  # 42 d: what was gained earlier has faded to a third
    acclimation_least_known: float  # 0.5: share of the running time whose air must be known
    heat_exposure_from_c: float  # 20 C: air below which a run acclimates nobody
    heat_exposure_full_c: float  # 30 C: air in which an hour is a full exposure; laboratories use 33 to 45 C
    acclimation_sodium: float  # 0.45: to about 60 % on the tenth day, carried on to the end
    acclimation_core_k: float  # 0.2 K: rest down by 0.21 K and the onset of sweating by 0.15 K after five days; later …
    acclimation_sweat: float  # 0.5: so that the same work at 40 C brings a third more sweat, as counted
    acclimation_plasma: float  # 0.067: plasma volume at rest
    plasma_l_kg: float  # 0.045 L/kg: plasma volume per body mass
    muscle_oxygen_use_per_s: float  # 0.1 1/s: of the muscle's store, at full activation: a strong contraction without …
    muscle_oxygen_use_at_rest: float  # 0.02: of that: use rises up to fiftyfold from rest
    muscle_oxygen_supply_per_s: float  # 0.03 1/s: filling of the store by free flow: back to half in some twenty …

    @property
    def running_cost(self) -> tuple[float, float, float, float, float, float]:
        """Coefficients ``running_cost_0`` to ``running_cost_5``, lowest power first."""
        return (
            self.running_cost_0,
            self.running_cost_1,
            self.running_cost_2,
            self.running_cost_3,
            self.running_cost_4,
            self.running_cost_5,
        )

    @property
    def walking_cost(self) -> tuple[float, float, float, float, float, float]:
        """Coefficients ``walking_cost_0`` to ``walking_cost_5``, lowest power first."""
        return (
            self.walking_cost_0,
            self.walking_cost_1,
            self.walking_cost_2,
            self.walking_cost_3,
            self.walking_cost_4,
            self.walking_cost_5,
        )

    @property
    def carbohydrate_share(self) -> tuple[float, float, float]:
        """Coefficients ``carbohydrate_share_0`` to ``carbohydrate_share_2``, lowest power first."""
        return self.carbohydrate_share_0, self.carbohydrate_share_1, self.carbohydrate_share_2

    @property
    def vdot_cost(self) -> tuple[float, float, float]:
        """Coefficients ``vdot_cost_0`` to ``vdot_cost_2``, lowest power first."""
        return self.vdot_cost_0, self.vdot_cost_1, self.vdot_cost_2

    @property
    def vickers_one(self) -> tuple[float, float, float]:
        """Coefficients ``vickers_one_0`` to ``vickers_one_2``, lowest power first."""
        return self.vickers_one_0, self.vickers_one_1, self.vickers_one_2

    @property
    def vickers_two(self) -> tuple[float, float, float]:
        """Coefficients ``vickers_two_0`` to ``vickers_two_2``, lowest power first."""
        return self.vickers_two_0, self.vickers_two_1, self.vickers_two_2


BODY = BodyNumbers._make(values("body", BodyNumbers._fields))
