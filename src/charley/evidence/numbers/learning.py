"""The numbers of ``learning``, by id. Made from parameters_learning.toml by scripts/make_numbers.py."""

from typing import NamedTuple

from charley.evidence.numbers.filling import values


class LearningNumbers(NamedTuple):
    """One field a row of parameters_learning.toml."""

    report_given_cramp_asked: float
    """0.85 probability: chance that a prompt is answered after a run with a cramp; learnt from the answers as they
    come."""
    report_given_none_asked: float
    """0.4 probability: chance that a prompt is answered after a run without one; learnt from the answers as they
    come."""
    report_given_cramp_unasked: float
    """0.6 probability: chance that a cramp is logged when nobody asked."""
    report_given_none_unasked: float
    """0.1 probability: chance that the absence of a cramp is logged when nobody asked."""
    report_prior_weight: float
    """20 answers: a + b of the four beta distributions above: they are worth so many prompts."""
    twitch_log_excess: float
    """0.693 log: log of (kappa - 1): runs with twitching only are about twice as frequent as cramps; normal, mean log
    2, SD 0.6."""
    twitch_shared_sensitivity: float
    """0.75 ratio: how far twitching answers to the same factors as a cramp: beta(6, 2)"""
    twitch_shared_weight: float
    """8 count: a + b of the beta above."""
    after_shared_sensitivity: float
    """0.5 ratio: how far cramps after the run answer to the same factors: beta(3, 3)"""
    after_shared_weight: float
    """6 count: a + b of the beta above."""
    after_intercept_sd: float
    """0.7 log hazard: SD of each window's own intercept: the share after the run is known to a factor of about two
    either way (8 to 31 %)"""
    after_level_correlation: float
    """0.5 correlation: between a runner's level during runs and after them."""
    night_log_rate_mean: float
    """-4.6 log expected cramps a night after a run: about one night in a hundred, a factor of eighteen either way;
    its own process, kept out of the drivers."""
    further_cramp_decay_h: float
    """1.5 h: time constant with which the raised hazard after a cramp fades."""
    level_drift_sd: float
    """0.3 log hazard per square root of a year: random walk of a runner's level: old runs tell less about the calf of
    today."""
    own_log_speaks_from: float
    """3 cramps: below it an answer is mostly what is known of runners in general, and says so."""
    fine_rounding_from: float
    """50 runs: below it chances are rounded to 1 in 10."""
    experiment_cramp_cost_bits: float
    """0.1 bit per expected cramp: what a cramp is worth against what it teaches, beside the rule that no proposed run
    may be riskier than the usual one."""
    change_log_ratio_sd: float
    """0.5 log hazard: prior SD of the effect of a change that nobody has studied, on or off: normal with mean 0."""
    inseparable_correlation: float
    """0.9 correlation: families that rise and fall together above it over a runner's runs are named as not to be told
    apart."""
    symptomatic_before: float
    """0.33 of the run's time: a cramp earlier than this in a run that was not hard is not counted as one of
    fatigue."""
    trial_evidence: float
    """20 e-value: a trial of a change has told from here on: chance alone comes so far in at most one trial in
    twenty, whenever it is stopped."""
    trial_bet_prior: float
    """0.18 of a beta distribution, both parameters: what the bets of a trial begin with; found there to bet well."""
    trial_most_runs: float
    """60 runs: more runs than anybody would randomise."""
    trial_usual_runs: float
    """12 runs: length of a trial of a change unless said otherwise: three blocks of four."""
    background_log_rate: float
    """-8.006 log cramps an hour of running: median one in 3,000 hours, a factor of ten each way (SD): a runner who
    cramps at random must not lie far out."""
    background_easy: float
    """-3 log ratio of rates: 85 in 100 cramps of marathoners come in races (I21), which are about one of twenty hours
    run: a ratio of about a hundred, of which the baseline's own distance accounts for a part."""
    trigger_log: float
    """-3.912 log of the log hazard ratio beyond the knee: one person in twenty has a ten-fold risk beyond the knee of
    a stressor, eight in nine less than a doubling."""
    trigger_bend: float
    """20 log hazard ratio: no trigger multiplies the hazard by more than exp of this."""
    own_rate_weight: float
    """0.2 probability: chance, before any answer, that a runner's hard runs are all alike and cramps follow none of
    the causes."""
    own_rate_strength: float
    """8 runs: what the studies' chance of a run is worth against the runner's own count, where all runs are alike."""
    named_share: float
    """0.05 lower limit of the share, of 1: margin below which no family is named."""
    named_share_firmly: float
    """0.15 lower limit of the share, of 1: from here on it is called most likely."""
    named_evidence: float
    """1 log Bayes factor: evidence of the log itself below which no family is named, whatever studies say."""
    named_contrast: float
    """2 log Bayes factor: evidence of the hard runs alone, by which of them cramped, below which no family is
    named."""
    named_table: float
    """0.05 p of Fisher's exact test: a family's plain table as clean as that stands in for the contrast of the hard
    runs."""
    named_evidence_with_table: float
    """0.5 log Bayes factor: evidence of the log itself below which no family is named, where its plain table
    agrees."""
    together_correlation: float
    """0.7 correlation: two families whose stressors rise and fall like that are not told apart."""
    change_least_gain: float
    """0.01 chance: a change that takes off less than one in a hundred is not worth telling."""
    length_share: float
    """0.3 lower limit of the share, of 1: how far and how long stands first in nearly every runner who cramps by lot;
    below this limit it is not named."""


LEARNING = LearningNumbers._make(values("learning", LearningNumbers._fields))
