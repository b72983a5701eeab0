"""Fixtures that several oracles share."""

from __future__ import annotations

import os
from pathlib import Path

# One thread, as on the command line: threads that wait for each other cost up to ten times what they give.
for _library in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_library, "1")

import hypothesis  # noqa: E402
import pytest  # noqa: E402

from chromium import browser as browser  # noqa: E402 - a fixture

# No example fails because the machine is busy: what is slow is measured in benchmarks/.
hypothesis.settings.register_profile("charley", deadline=None)
hypothesis.settings.load_profile("charley")

# Files that take more than six seconds of processor, left out of `make check`; `pytest --durations=0` finds them.
SLOW = {
    "test_activities_hostile.py",
    "test_body_books.py",
    "test_body_checks.py",
    "test_body_directions.py",
    "test_career_rows.py",
    "test_lab_experiments.py",
    "test_lab_sessions.py",
    "test_learning_calibration.py",
    "test_learning_extremes.py",
    "test_learning_likelihood.py",
    "test_learning_order.py",
    "test_neuromuscular_cramp.py",
    "test_neuromuscular_kernel.py",
    "test_neuromuscular_mechanisms.py",
    "test_other_numbers.py",
    "test_race_plan.py",
    "test_report_why.py",
    "test_roster.py",
    "test_worlds_cases.py",
}

# Tests of which a shorter sibling runs each time: left to `make test-long`.
LONG = {
    "test_each_experiment_runs_on_one_person[P01]",
    "test_each_experiment_runs_on_one_person[P02]",
    "test_each_experiment_runs_on_one_person[P03]",
    "test_each_experiment_runs_on_one_person[P04]",
    "test_each_experiment_runs_on_one_person[P07]",
    "test_each_experiment_runs_on_one_person[P08]",
    "test_each_experiment_runs_on_one_person[P17]",
    "test_each_experiment_runs_on_one_person[P18]",
    "test_the_container_serves_the_tour_without_a_network",
    "test_many_uploads_from_two_browsers_at_once_lose_and_double_nothing[1008]",
    "test_a_file_that_is_renamed_while_it_is_sent_is_said_and_nothing_is_lost",
    "test_a_hamstring_log_moves_any_muscle_and_not_the_calf",
    "test_cramps_only_after_runs_leave_the_chance_in_runs_alone",
    "test_one_or_two_cramps_name_nobody[1]",
    "test_the_truth_ranks_uniformly_and_intervals_hold_it_as_often_as_they_say[120]",
    "test_an_engine_that_is_too_sure_fails_the_same_check[120]",
    "test_seven_processes_count_the_same",
    "test_a_killed_process_is_replaced",
    "test_a_cluster_that_loses_a_worker_counts_the_same",
    "test_a_scheduler_that_dies_leaves_the_checkpoint",
    "test_processes_that_always_die_are_one_coded_line",
    "test_several_processes_say_the_same[2]",
    "test_a_squad_is_learnt_together",
    "test_a_cluster_that_loses_a_worker_says_the_same",
    "test_a_scheduler_that_dies_leaves_what_was_worked_out",
    "test_a_killed_run_goes_on_and_leaves_nobody_behind",
    r"test_no_plan_breaks_a_limit_under_wrong_inputs[10 \xb0C]",
    r"test_no_plan_breaks_a_limit_under_wrong_inputs[18 \xb0C]",
    r"test_no_plan_breaks_a_limit_under_wrong_inputs[28 \xb0C, humid]",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.name in LONG:
            item.add_marker(pytest.mark.long)
        if item.path.name in SLOW:
            item.add_marker(pytest.mark.slow)


def _shared_root() -> Path | None:
    """The folder of reference data that lies beside the project, or where CHARLEY_SHARED says."""
    named = os.environ.get("CHARLEY_SHARED")
    candidates = [Path(named)] if named else [Path(__file__).resolve().parents[2] / "shared"]
    return next((path for path in candidates if path.is_dir()), None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared reference data; a test that needs it is skipped where it is absent."""
    root = _shared_root()
    if root is None:
        pytest.skip("the reference data is not beside the project (set CHARLEY_SHARED to its folder)")
    return root
