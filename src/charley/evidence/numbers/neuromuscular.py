"""The numbers of ``neuromuscular``, by id. Made from parameters_neuromuscular.toml by scripts/make_numbers.py."""

from typing import NamedTuple

from charley.evidence.numbers.filling import values


class NeuromuscularNumbers(NamedTuple):
    """One field a row of parameters_neuromuscular.toml."""

    leak_reversal_mv: float  # -70 mV: passive reversal of the public pool code, -71 to -72 mV
    potassium_reversal_mv: float  # -80 mV: potassium reversal of the model
    calcium_reversal_mv: float  # 60 mV: calcium reversal of the model, 80 mV; 60 mV allows for mixed ions
    inhibitory_reversal_mv: float  # -75 mV: inhibitory reversal 16 mV below rest at most
    excitatory_reversal_mv: float  # 0 mV: excitatory reversal 70 mV above rest
    soma_time_constant_ms: float  # 8 ms: specific resistance of the soma about 1 kohm cm2 and 1 uF/cm2 with the …
    dendrite_time_constant_ms: float  # 12 ms: specific resistance of dendrites 6 to 14 kohm cm2 and 1 uF/cm2
    coupling_soma: float  # 2 leak conductances: dendrite seen from the soma: strong, the dendrite is the larger cable
    coupling_dendrite: float  # 0.3 leak conductances: soma seen from the dendrite: weak
    spike_threshold_mv: float  # -57 mV: somatic threshold of the public pool code, order of magnitude
    reset_mv: float  # -64 mV: between threshold and rest
    refractory_ms: float  # 3 ms: absolute refractory period of a motor neuron, 5 ms at most
    ahp_conductance: float  # 1.209 leak conductances a spike: calibrated to threshold, all-or-none onset and duration …
    ahp_time_small_ms: float  # 75 ms: decay of the afterhyperpolarisation, 90 ms in slow units
    ahp_time_large_ms: float  # 40 ms: decay of the afterhyperpolarisation, 30 ms in fast units
    dendrite_kick_mv: float  # 0.5 mV: what a somatic spike leaves in the dendrite
    drive_range: float  # 1.556 ratio: ratio of the synaptic effect in the smallest and largest unit: small, so that a …
    private_noise_mv: float  # 5.696 mV: noise of one unit, as a current over the leak conductance: calibrated to an …
    private_noise_time_ms: float  # 6 ms: synaptic noise
    common_noise: float  # 0.2163 fraction: slow ripple of the drive shared by the pool: common drive in 29 of 96 pairs
    common_noise_time_ms: float  # 110 ms: common drive peaks at 1.4 Hz: 1 / (2 pi 1.4 Hz)
    pic_conductance: float  # 0.3604 leak conductances: calibrated to threshold, all-or-none onset and duration of …
    pic_spread: float  # 0.02915 fraction: standard deviation over the pool: calibrated to how long single units go on …
    pic_half_mv: float  # -48 mV: half activation, -42 to -39 mV in the public code; lower here, where dendrites are …
    pic_slope_mv: float  # 4 mV: slope 6 mV in the public code
    pic_time_ms: float  # 60 ms: 20 to 40 ms; up to 90 ms in other codes
    pic_inactivation: float  # 0.1126 fraction: calibrated to threshold, all-or-none onset and duration of cramps; …
    pic_inactivation_time_s: float  # 80 s: calibrated to threshold, all-or-none onset and duration of cramps; …
    late_adaptation_mv: float  # 0.08595 mV an impulse: calibrated to the fall of unit rates in a cramp; …
    late_adaptation_time_s: float  # 36.62 s: the slowest of three phases in which a motor neuron's rate falls under …
    ia_bias: float  # 10 imp/s: Ia discharge of a short muscle at rest under fusimotor drive
    ia_length: float  # 3 imp/s per fibre length: human gain 3250 to 6500 imp/s per length acts on the chain's own …
    ia_velocity: float  # 40 imp/s per (fibre length/s)^exponent: calibrated: activity rises when a cramping muscle is …
    ia_velocity_exponent: float  # 0.6 -: velocity acts by a power of 0.3 on tension; 0.6 in whole fibres
    ia_pause: float  # 6 imp/s per fibre length/s: discharge falls while the muscle shortens
    ia_linkage: float  # 3.921 imp/s per imp/s of the pool: calibrated to threshold, all-or-none onset and duration of …
    ia_linkage_saturation: float  # 6.001 imp/s: pool discharge at which half the linkage is used
    ia_linkage_time_ms: float  # 80 ms: time for intrafusal contraction
    ia_weight: float  # 0.0085 leak conductances per imp/s: calibrated to threshold, all-or-none onset and duration of …
    ii_bias: float  # 8 imp/s: group II discharge of a short muscle at rest
    ii_length: float  # 3 imp/s per fibre length: as for Ia
    ii_weight: float  # 0.0025 leak conductances per imp/s: a third of the Ia effect
    ia_depression: float  # 0.3 fraction: presynaptic depression of the Ia path in a long muscle: the H reflex falls …
    ia_depression_length: float  # 0.92 fibre lengths: length at which half of it is there
    ia_depression_width: float  # 0.04 fibre lengths: width of that transition
    spindle_set_time_ms: float  # 6000 ms: time in which slack intrafusal fibres shorten to a shortened muscle
    spindle_slack: float  # 0.004 fibre lengths: slack at which a third of the response to velocity is left
    spindle_reference_length: float  # 0.7 fibre lengths: length at which the bias was taken
    velocity_smoothing_ms: float  # 10 ms: inertia of receptor and fibre
    ib_force: float  # 90 imp/s: discharge at full force
    ib_half_force: float  # 0.15 fraction of maximum: logarithm-like rise with force
    ib_force_rate: float  # 8 imp/s per 1/s: lead term of the public code's transfer function, order of magnitude
    ib_limit: float  # 120 imp/s: ceiling of discharge
    ib_weight: float  # 0.007107 leak conductances per imp/s: calibrated to threshold, all-or-none onset and duration …
    ib_time_ms: float  # 15 ms: inhibitory postsynaptic conductance with dispersion of the volley
    ib_delay_ms: float  # 19 ms: I1 begins 47 to 49 ms after a tendon shock: this, 15 to 20 ms in motor axons and the …
    ib_late_delay_ms: float  # 158 ms: I2 begins 187 to 193 ms after a tendon shock
    ib_late_share: float  # 0.35 fraction: part of the inhibition that takes the long path: I2 is shorter and weaker …
    ib_length: float  # 0.8 fibre lengths: tendon inhibition grows with stretch and is largest in the longest muscle; …
    ib_length_width: float  # 0.08 fibre lengths: width of that transition is ours
    ib_length_depth: float  # 0.8411 fraction: part of the effect that is missing in a short muscle: calibrated to the …
    force_smoothing_ms: float  # 20 ms: tendon organs see the sum of asynchronous twitches
    renshaw_weight: float  # 0.0015 leak conductances per imp/s: recurrent inhibition is weak in distal muscles
    renshaw_limit: float  # 200 imp/s: ceiling of the population
    renshaw_half: float  # 200 imp/s a motor neuron: nearly linear in the range of a cramp
    renshaw_time_ms: float  # 25 ms: burst after one volley
    volley_strength: float  # 1.199 Ia equivalents: calibrated to threshold, all-or-none onset and duration of cramps; …
    volley_time_ms: float  # 60 ms: decay of the mono- and polysynaptic conductance after a volley
    afferent_delay_ms: float  # 16 ms: Ia axons of 55 to 66 m/s over 0.8 m and a synapse
    conduction_proximal_ms: float  # 16 ms: motor axons of 44 to 53 m/s over 0.8 m
    conduction_distal_ms: float  # 4 ms: the same axons from the electrode to the muscle, 0.15 to 0.2 m
    motor_point_sensory_share: float  # 1 fraction: sensory axons reached at the motor point, relative to the nerve
    potassium_per_spike: float  # 0.08774 -: calibrated to threshold, all-or-none onset and duration of cramps; …
    potassium_time_ms: float  # 1100 ms: calibrated: an after-discharge of 1 to 4 s below a block
    pump_per_spike: float  # 0.02955 -: calibrated to threshold, all-or-none onset and duration of cramps; …
    pump_time_ms: float  # 2305 ms: as above
    terminal_half: float  # 1 -: unit of the potassium scale
    terminal_slope: float  # 0.085 -: calibrated to threshold, all-or-none onset and duration of cramps; …
    sensory_half: float  # 0.8528 ratio: sensory axons have the larger persistent sodium current and fire by …
    terminal_spread: float  # 0.09101 fraction: half range of that over the pool
    terminal_rate_limit: float  # 60 imp/s: calibrated: units fire at 26 a second below a block
    terminal_dead_time_ms: float  # 20 ms: shortest interval of an after-discharge
    ectopic_strength: float  # 0.7273 Ia equivalents: calibrated to threshold, all-or-none onset and duration of …
    terminal_stretch: float  # 1.5 -: stretch also ends a cramp below a block (secondary); size is ours
    terminal_length: float  # 0.82 fibre lengths: length at which half of it is there
    terminal_length_width: float  # 0.04 fibre lengths: width of that transition
    terminal_per_mv: float  # 0.2928 1/mV: calibrated to threshold, all-or-none onset and duration of cramps; …
    terminal_fatigue: float  # 0.3 -: calibrated to threshold, all-or-none onset and duration of cramps; …
    maximal_force_n: float  # 3115.5 N: model file, gasmed
    optimal_fibre_length_m: float  # 0.055 m: 0.051 m in the model file, 0.055 m with its tendon here
    tendon_slack_length_m: float  # 0.39 m: 0.399 m in the model file
    ankle_moment_arm_m: float  # 0.05 m: Achilles tendon, order of magnitude
    knee_moment_arm_m: float  # 0.02 m: gastrocnemius behind the knee
    neutral_length: float  # 0.88 fibre lengths: silent fibre at a neutral ankle and a straight knee
    fibre_share_of_stretch: float  # 0.45 fraction: part of a slow stretch that the fibres take, the tendon the rest
    tendon_strain: float  # 0.05 fraction: tendon strain at full force, 0.033 to 0.05
    force_length_width: float  # 0.36 fibre lengths: width of a Gaussian close to the measured curve
    passive_length_onset: float  # 0.95 fibre lengths: length at which the silent fibre begins to pull
    passive_force_scale: float  # 0.02 fraction of maximum: size of passive force
    passive_force_rate: float  # 6 1/fibre length: steepness of passive force
    shortest_length: float  # 0.4 fibre lengths: a fibre cannot shorten further
    hill_speed: float  # 6 fibre lengths/s: greatest shortening speed, 7.9 in slow and 9.2 in fast fibres of the cat
    hill_curvature: float  # 0.25 -: curvature of Hill's hyperbola
    hill_lengthening_limit: float  # 1.4 fraction of isometric force: greatest force while lengthening
    hill_damping: float  # 0.1 fraction of maximum: damping in parallel
    twitch_range: float  # 20 ratio: largest over smallest twitch; 100 there, 20 here
    twitch_small_ms: float  # 95 ms: time to peak of slow units, 110 to 100 ms
    twitch_large_ms: float  # 45 ms: time to peak of fast units, 82 to 57 ms
    twitch_half: float  # 0.95 -: overlap of twitches at half force
    pressure_at_rest_mmhg: float  # 10 mmHg: about 14 mmHg in a resting knee extensor
    pressure_per_force_mmhg: float  # 150 mmHg: pressure is linear in force; the slope is chosen so that flow stops at …
    perfusion_pressure_mmhg: float  # 55 mmHg: pressure at which half of the flow is left
    perfusion_pressure_width_mmhg: float  # 9 mmHg: so that flow stops by 50 to 64 in 100 of force
    metabolite_production: float  # 0.03 1/s: index per second of full activation with free flow; doubled without
    metabolite_washout: float  # 0.04 1/s: hyperaemia of the calf passes within a minute
    fast_fatigue_build: float  # 0.1 1/s: so that force falls by a third in 150 s of strong work
    fast_fatigue_recovery: float  # 0.0006 1/s: recovery of the ankle 0.00058 1/s
    fatigue_force_loss: float  # 0.7 fraction: force lost at full fast fatigue
    slow_fatigue_build: float  # 1e-05 1/s: slow fatigue from force within one experiment: next to nothing
    slow_fatigue_recovery: float  # 1e-05 1/s: recovers over a day
    fast_fatigue_shift_mv: float  # 5.347 mV: calibrated to threshold, all-or-none onset and duration of cramps; …
    fast_fatigue_spindle: float  # 0.15 fraction: calibrated to threshold, all-or-none onset and duration of cramps; …
    slow_fatigue_spindle: float  # 0.15 fraction: direction recalled; size is ours
    slow_fatigue_tendon_organ: float  # 0.4 fraction: direction recalled; size is ours
    nociceptor_weight: float  # 0.01807 leak conductances: calibrated to threshold, all-or-none onset and duration of …
    nociceptor_metabolites: float  # 0.33 -: pain of a full metabolite index, relative to strong saline in the muscle
    sensitisation_shift_mv: float  # 3.347 mV: calibrated to threshold, all-or-none onset and duration of cramps; …
    sensitisation_build: float  # 0.1 1/s: one cramp saturates it
    pain_length: float  # 0.68 fibre lengths: a contraction hurts when the fibre has become this short
    pain_summation_s: float  # 10 s: pain adds up over seconds
    pain_floor: float  # 0.12 -: summed pain that leaves no after-effect: a train of 2 s stays below
    pain_length_width: float  # 0.03 fibre lengths: width of that transition
    sensitisation_time_s: float  # 7200 s: no recovery within an hour
    adaptation_shift_mv: float  # 1.625 mV: calibrated to threshold, all-or-none onset and duration of cramps; …
    q10: float  # 2.5 ratio per 10 degrees: channels, pumps and twitches
    reference_temperature_c: float  # 37 degC: body temperature
    floor: float  # 1e-09 -: decaying states below it are set to zero, which keeps the processor out of denormal numbers
    voluntary_conductance: float  # 0.4833 leak conductances: drive of a maximal voluntary contraction: calibrated to …
    drink_inhibition: float  # 0.02272 leak conductances: calibrated to threshold, all-or-none onset and duration of …
    drink_delay_s: float  # 15 s: the effect was there within 85 s, before anything is absorbed
    drink_fade_s: float  # 900 s: how long a sharp taste goes on
    letting_go_inhibition: float  # 0.3 leak conductances: that the reflex vanishes: the first; its size is calibrated …
    letting_go_fade_s: float  # 0.5 s: H reflex of soleus low while a contraction is released and some tenths of a …
    test_angle_deg: float  # -30 degrees: joint angle of the published stimulation tests: shortened, as far as it goes …
    shortest_angle_deg: float  # -50 degrees: end of plantarflexion (or of toe flexion)
    longest_angle_deg: float  # 25 degrees: end of dorsiflexion (or of toe extension)
    motor_neurons: float  # 200 units: size of the simulated pool; a calf muscle has 200 to 600
    sodium_shift_mv: float  # 0.19 mV per mmol/L: calibrated on E08 and E06 within 0 and what the sodium gradient …
    volume_shift_mv: float  # 13.44 mV per fraction of extracellular volume: calibrated on E08 and E06: a body short …
    downhill_run_fast_fatigue: float  # 0.03294 fraction: fast fatigue that 45 min downhill leave in the calf: not …
    adaptation_per_session: float  # 0.15 fraction of what is left: ten Hz in three weeks of two sessions; the shape …
    adaptation_time_d: float  # 30 days: how long it stays
    trait_prone_share: float  # 0.31 fraction: 31 of 100 cramp on demand, 97 of 100 of them again
    trait_prone_mean_mv: float  # -0.075 mV: calibrated to threshold, all-or-none onset and duration of cramps; …
    trait_prone_sd_mv: float  # 0.8 mV: threshold 14.9 Hz, standard error 1.3 in 19 people
    trait_other_mean_mv: float  # 1.44 mV: calibrated to threshold, all-or-none onset and duration of cramps; …
    trait_other_sd_mv: float  # 0.8031 mV: threshold 25.5 Hz, standard error 1.6 in 12 people
    trait_least_mv: float  # -1.2 mV: below it a pool would cramp at rest
    trait_other_tendon_organ: float  # 1.15 ratio: tendon inhibition is weaker in people who cramp; size is ours
    trait_tendon_organ_sd: float  # 0.1 ratio: spread within a class
    unit_potential_uv: float  # 60 uV: potential of the largest unit under the electrode
    unit_potential_power: float  # 0.5 -: amplitude grows with the number of fibres; the square root stands for depth
    unit_potential_small_ms: float  # 3.4 ms: mean frequency near 75 Hz before a cramp
    unit_potential_large_ms: float  # 2 ms: mean frequency near 100 Hz in a cramp
    margin_upper_from_mv: float  # -15 mV: range of the search for the upper knee, from the half activation
    margin_upper_to_mv: float  # -1 mV: as above
    margin_upper_start_mv: float  # -6 mV: where the search starts
    margin_lower_start_mv: float  # 4 mV: where the search starts
    margin_lower_from_mv: float  # -2 mV: range of the search for the lower knee
    margin_lower_to_mv: float  # 12 mV: as above
    margin_soma_train_mv: float  # -64 mV: mean potential of a soma under stimulation: near reset
    margin_soma_cramp_mv: float  # -61.2 mV: mean potential of a soma that fires by itself
    margin_cramp_rate_hz: float  # 8 1/s: rate of the units in a cramp that is about to fail, a little above the 6 a …
    margin_unit: float  # 0.1 -: size of the unit that is lit first
    margin_peripheral: float  # 0.804 -: terminals already fire during the train
    margin_sustain_zero: float  # -0.008318 leak conductances: surplus at which noise lets a cramp of 5 s hold
    margin_offset_hz: float  # -6.845 Hz: fitted on random states, not on the grid of the check
    margin_slope: float  # 1.358 -: as above
    margin_sustain_hz: float  # 30 Hz: as above
    margin_sustain_knee: float  # -0.04069 leak conductances: as above
    margin_sustain_width: float  # 0.01589 leak conductances: as above
    margin_join_hz: float  # 1 Hz: rounding where the central and the peripheral threshold meet


NEUROMUSCULAR = NeuromuscularNumbers._make(values("neuromuscular", NeuromuscularNumbers._fields))
