"""Cohorts on a Dask cluster of two worker processes, one of them killed; what can go wrong is one coded line.

Oracle: the digest of the same order in this process. Skipped where the extra ``cluster`` is not installed.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from charley.api import cohort as api
from charley.faces.cli.main import run as cli
from cluster_world import cluster as cluster
from cluster_world import free_port

RUNNERS = 240
CHARLEY = [
    sys.executable,
    "-m",
    "charley",
    "cohort",
    "--field",
    "boston-2004",
    "--runners",
    str(RUNNERS),
    "--seed",
    "4",
]
pytest.importorskip("distributed", reason="the extra cluster is not installed: no cluster was started")


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_that_loses_a_worker_counts_the_same(cluster, tmp_path: Path) -> None:
    address, processes = cluster
    kept = tmp_path / "c.npz"
    command = [*CHARLEY, "--scheduler", address, "--chunk", "5", "--checkpoint", str(kept), "--json"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while not kept.exists() and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert running.poll() is None, "the run ended before a worker could be killed"
    processes[1].send_signal(signal.SIGKILL)
    out, _ = running.communicate(timeout=240)
    found = json.loads(out)
    assert found["digest"] == api.simulate("boston-2004", runners=RUNNERS, seed=4).digest
    assert found["scheduler"] == "cluster"
    assert found["runners"] == RUNNERS


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_scheduler_that_dies_leaves_the_checkpoint(cluster, tmp_path: Path) -> None:
    address, processes = cluster
    kept = tmp_path / "c.npz"
    command = [*CHARLEY, "--scheduler", address, "--chunk", "5", "--checkpoint", str(kept)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not kept.exists() and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    processes[0].send_signal(signal.SIGKILL)
    _, said = running.communicate(timeout=240)
    assert running.returncode == 2
    assert "[cohort-scheduler]" in said
    assert "Traceback" not in said
    gone_on = json.loads(subprocess.run([*CHARLEY, "--checkpoint", str(kept), "--json"], stdout=subprocess.PIPE).stdout)
    assert gone_on["digest"] == api.simulate("boston-2004", runners=RUNNERS, seed=4).digest


def test_no_scheduler_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("charley.parallel.cluster.CONNECT_S", 1.0)
    assert cli(["cohort", "--runners", "5", "--scheduler", f"tcp://127.0.0.1:{free_port()}"]) == 2
    said = capsys.readouterr().err
    assert "[cohort-scheduler]" in said
    assert said.count("\n") == 1
    assert cli(["cohort", "--runners", "5", "--scheduler", "no such thing"]) == 2
    assert "[cohort-scheduler]" in capsys.readouterr().err


def test_a_worker_of_another_version_is_refused() -> None:
    from charley.cohort.run import identity, work
    from charley.parallel import cluster as clusters
    from charley.vocabulary.errors import UsageError

    class Others:
        def nthreads(self) -> dict[str, int]:
            return {"tcp://a": 1, "tcp://b": 1}

        def run(self, _: object) -> dict[str, str]:
            return {"tcp://a": identity(), "tcp://b": "charley 0.0.9, cohort 0, tables 00"}

    with pytest.raises(UsageError) as refused:
        clusters._same_everywhere(Others(), "tcp://c", identity)
    assert refused.value.code == "cohort-versions"
    assert "tcp://b" in str(refused.value)
    with pytest.raises(LookupError):
        clusters.done("charley 0.0.9, cohort 0, tables 00", identity, work, "", 1, 0, 1)


def test_parquet_carries_its_origin(tmp_path: Path) -> None:
    parquet = pytest.importorskip(
        "pyarrow.parquet", reason="the extra cluster is not installed: no Parquet was written"
    )
    path = tmp_path / "f.parquet"
    assert cli(["cohort", "--runners", "60", "--parquet", str(path), "--json"]) in (0, None)
    table = parquet.read_table(path)
    about = {k.decode(): v.decode() for k, v in table.schema.metadata.items()}
    answer = api.simulate(runners=60)
    assert about["charley.digest"] == answer.digest
    assert about["charley.parameters_sha256"] == answer.parameters_sha256
    assert about["charley.seed"] == "1"
    assert table.column_names[:3] == ["by", "from", "counted"]
    by = table.column("by").to_pylist()
    assert by.count("km") == 43
    counted = sum(n for kind, n in zip(by, table.column("counted").to_pylist(), strict=True) if kind == "km")
    assert counted == sum(k.counted for k in answer.by_km)


def test_without_the_packages_it_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert cli(["cohort", "--runners", "5", "--scheduler", "tcp://127.0.0.1:1"]) == 2
    assert "[cluster-extra]" in capsys.readouterr().err
    monkeypatch.setattr("charley.faces.report.cohort.tables.find_spec", lambda _: None)
    assert cli(["cohort", "--runners", "5", "--parquet", "x.parquet"]) == 2
    assert "[cluster-extra]" in capsys.readouterr().err
