"""Import: repeatable, resumable, the same with any number of readers, and never stopped by a bad file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charley.api import journal as verbs
from charley.journal import digest, importing, maintenance, workers
from charley.journal.importing import import_runs
from charley.journal.store import open_store
from charley.journal.workers import Pool, Refused, Task
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.journal import FileNotes, FoundFile, Skipped
from journal_world import START, file_of, found, made_run, reader

NOW = START + timedelta(days=60)


def _import(path, files, count=0, **changes):
    return import_runs(path, files, reader, **{"read_by": "1", "workers": count, "now": NOW} | changes)


def _digest(path) -> str:
    with open_store(path) as store:
        return digest.digest(store.db, everything=False)


def test_a_bad_file_never_stops_the_others(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    walked = Skipped("folder/settings.fit", "not-activity", "This is a FIT file of the kind: settings.", harmless=True)
    files = [
        *found(file_of(1), file_of(2, do="refuse"), file_of(3, do="panic"), file_of(4, do="end"), b"no json"),
        FoundFile("folder/settings.fit", None, walked, 0.9),
        *found(file_of(5), file_of(6, do="ride")),
    ]
    summary = _import(path, files, count=2)
    assert (summary.imported, summary.others, summary.duplicates) == (3, 1, 0)
    told = [(s.file, s.code) for s in summary.skipped]
    assert told == [
        ("folder/1.fit", "file-kind"),
        ("folder/2.fit", "import-killed"),
        ("folder/3.fit", "import-killed"),
        ("folder/4.fit", "import-killed"),
        ("folder/settings.fit", "not-activity"),
    ]
    texts = [s.text for s in summary.skipped]
    assert "Panic" in texts[1]
    assert "ended its process (code 7)" in texts[2]
    assert all("\n" not in text for text in texts)
    assert len(verbs.list_runs(path)) == 2
    assert [o.sport for o in verbs.list_others(path)] == ["cycling"]
    again = _import(path, files, count=2)
    assert (again.imported, again.duplicates) == (0, 3)
    assert [(s.file, s.code, s.text) for s in again.skipped] == [(s.file, s.code, s.text) for s in summary.skipped]


def test_a_file_that_takes_too_long_is_given_up(monkeypatch) -> None:
    with Pool(reader, 1, cpu_seconds=1) as pool:
        pool.hand_over(Task(0, "slow.fit", file_of(1, do="spin"), FileNotes()))
        results = []
        while not results:
            results = list(pool.results(5.0))
        ((task, (refused,)),) = results
        assert task.name == "slow.fit"
        assert isinstance(refused, Refused)
        assert "processor time" in refused.text
        pool.hand_over(Task(1, "next.fit", file_of(2), FileNotes()))
        while pool.busy:
            results = list(pool.results(5.0))
        assert not isinstance(results[0][1][0], Refused)
    monkeypatch.setattr(workers, "WALL_SECONDS", 0.5)
    with Pool(reader, 1) as pool:
        pool.hand_over(Task(0, "asleep.fit", file_of(1, do="wait", seconds=600), FileNotes()))
        results = []
        while not results:
            results = list(pool.results(0.2))
        assert isinstance(results[0][1][0], Refused)
        assert "0.5 s" in results[0][1][0].text


@pytest.mark.parametrize("count", [0, 3])
def test_the_order_of_files_decides_and_not_the_speed_of_readers(tmp_path, count: int) -> None:
    path = tmp_path / "journal.sqlite"
    files = found(*(file_of(k % 12, later_s=20 * (k // 12)) for k in range(36)))
    summary = _import(path, files, count=count)
    assert (summary.imported, summary.duplicates) == (12, 24)
    assert [r.file_name for r in reversed(verbs.list_runs(path))] == [f"folder/{k}.fit" for k in range(12)]
    alone = tmp_path / "alone.sqlite"
    _import(alone, files, count=0)
    assert _digest(path) == _digest(alone)


def test_repeating_changes_nothing(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    files = found(*map(file_of, range(5)))
    _import(path, files)
    before = _digest(path)
    summary = _import(path, files, now=NOW + timedelta(days=1))
    assert (summary.imported, summary.duplicates, summary.run_ids) == (0, 5, ())
    assert _digest(path) == before


def test_the_same_run_in_another_file_is_a_duplicate(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    assert _import(path, found(file_of(1, seconds=3600))).imported == 1
    cut = found(file_of(1, seconds=3400, later_s=60))  # the platform cut its ends
    late = found(file_of(1, seconds=3600, later_s=40))  # the phone beside the watch
    other = found(file_of(1, seconds=3500, later_s=3600))  # the next run of that morning
    short = found(file_of(1, seconds=300, later_s=10))  # within the first one: nobody runs twice at once
    assert [_import(path, f).imported for f in (cut, late, other, short)] == [0, 0, 1, 0]


def test_a_newer_reader_reads_again_and_answers_stay(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    files = found(file_of(1), file_of(2, do="refuse"))
    _import(path, files)
    logged = verbs.log_event(path, "cramp", place=Cramp(60, 60, 60))
    summary = _import(path, files, read_by="2")
    assert (summary.imported, summary.refreshed, len(summary.skipped)) == (0, 1, 1)
    assert [e.id for e in verbs.get_report(path).events] == [logged.id]
    assert maintenance.doctor(path) == ()


def test_a_stop_in_the_middle_keeps_what_is_complete(tmp_path, monkeypatch) -> None:
    path = tmp_path / "journal.sqlite"
    monkeypatch.setattr(importing, "BATCH_FILES", 2)

    def interrupted():
        yield from found(*map(file_of, range(5)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _import(path, interrupted())
    assert len(verbs.list_runs(path)) == 5
    assert maintenance.doctor(path) == ()
    assert _import(path, found(*map(file_of, range(7)))).imported == 2


def test_progress_is_told_and_never_runs_backwards(tmp_path) -> None:
    seen = []
    files = found(*map(file_of, range(4)), file_of(9, do="refuse"))
    _import(tmp_path / "journal.sqlite", files, progress=seen.append)
    assert [round(p.done, 2) for p in seen] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert (seen[-1].imported, seen[-1].duplicates, seen[-1].skipped) == (4, 0, 1)


def test_a_run_that_is_removed_is_imported_again(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    files = found(file_of(1), file_of(2))
    _import(path, files)
    verbs.forget_run(path, "last")
    assert _import(path, files).imported == 1


def test_other_activities_are_kept_once(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    files = found(file_of(1, do="ride"), file_of(1, do="ride", copy=True), file_of(2, do="ride"))
    summary = _import(path, files)
    assert (summary.imported, summary.others, summary.duplicates) == (2, 2, 1)
    assert _import(path, files).duplicates == 3
    assert made_run(1).run_id not in {o.activity_id for o in verbs.list_others(path)}
