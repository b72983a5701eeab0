"""Sixteen runs of the cramp bench, for readers without the extra `lab`: src/charley/faces/lab_page/bench_kept.zip.

python scripts/make_bench.py    half a minute; run it after a change of the model of the motor pool
"""

from pathlib import Path

from charley.faces.lab_page import bench

if __name__ == "__main__":
    there = Path(bench.__file__).with_name(bench.KEPT)
    bench.make_kept(there)
    print(f"{there}: {there.stat().st_size / 1e3:.0f} kB")
