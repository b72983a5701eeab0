"""The ledger of predictions: what the model says of an experiment before anybody here has read what came of it.

    python scripts/predictions.py --file           # run what this model has not filed yet, and append it to the ledger
    python scripts/predictions.py --file P17 P18   # of these alone
    python scripts/predictions.py --again P03      # run P03 again: does the present model still say what was filed?
    python scripts/predictions.py --pages          # write docs/predictions.md from the ledger and the comparisons

In docs/predictions/: ``protocols/`` holds one experiment a file; ``filed.jsonl`` is the ledger, one outcome a line, each
with the digest of the model that made it and the hash of the line before; ``compared.toml`` is what was read afterwards.
A line that was filed is never changed: another model files its own lines beside it.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import math
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from charley.lab import last_table, run
from charley.lab.protocol import LabProtocol
from charley.lab.reading import read_file

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "docs" / "predictions"
LEDGER, COMPARED, PAGE = PLACE / "filed.jsonl", PLACE / "compared.toml", ROOT / "docs" / "predictions.md"
SOURCE = ROOT / "src" / "charley"
TABLES = ("neuromuscular", "lab", "body")  # parameters that a run of the laboratory reads
# What a run of the laboratory is made of; the rest of charley.lab reads, compares and shows.
EQUATIONS = (
    "neuromuscular/*.py",
    *(f"lab/{n}.py" for n in ["examination", "fluids", "force", "measures", "reflex", "session", "subjects", "units"]),
)
BESIDE = ("calcium_neuron.py",)  # stands in the room of the loop and is no part of it
FIRST = "0" * 16  # stands before the first line
DIGITS = 16
PEOPLE = (5.0, 95.0)  # per cent of people below and above whom the range that is filed leaves out


@dataclass(frozen=True, slots=True)
class Filed:
    """One line of the ledger. ``mean``, ``sd``, ``low`` and ``high`` (5 and 95 % of people) are None where nobody of
    ``asked`` gave a value; ``model`` is the digest of version, numbers and equations."""

    id: str  # protocol and outcome, such as P03.rise_stretched
    date: str
    quantity: str
    unit: str
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    n: int
    asked: int
    seed: int
    protocol: str  # digest of the protocol
    model: str
    before: str
    hash: str = ""

    @property
    def experiment(self) -> str:
        """The protocol's id."""
        return self.id.split(".")[0]


# ---- digests ----


def digest(content: object) -> str:
    """A short hash of plain values."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:DIGITS]


@cache
def model_digest() -> str:
    """Digest of the present model: its version, its numbers and its equations, without comments and docstrings."""
    data = SOURCE / "evidence" / "data"
    numbers = {name: tomllib.loads((data / f"parameters_{name}.toml").read_text(encoding="utf-8")) for name in TABLES}
    files = sorted(path for pattern in EQUATIONS for path in SOURCE.glob(pattern) if path.name not in BESIDE)
    equations = {path.relative_to(SOURCE).as_posix(): _bare(path.read_text(encoding="utf-8")) for path in files}
    return digest([last_table.MODEL_VERSION, json.loads(json.dumps(numbers, default=str)), equations])


def _bare(code: str) -> str:
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def protocol_digest(path: Path) -> str:
    """Digest of what a protocol says, without its comments."""
    return digest(tomllib.loads(path.read_text(encoding="utf-8")))


def hashed(filed: Filed) -> str:
    """The hash of a line, over all that it says and the hash of the line before."""
    return digest({key: value for key, value in asdict(filed).items() if key != "hash"})


# ---- the ledger ----


def protocols() -> dict[str, LabProtocol]:
    """All experiments of the ledger, by id."""
    return {path.stem: read_file(path) for path in sorted((PLACE / "protocols").glob("P*.toml"))}


def ledger(text: str | None = None) -> tuple[Filed, ...]:
    """All lines of the ledger. Raises ValueError where a line is not what was filed."""
    text = LEDGER.read_text(encoding="utf-8") if text is None else text
    found, before, seen = [], FIRST, set()
    for number, line in enumerate(text.splitlines(), 1):
        filed = Filed(**json.loads(line))
        if filed.before != before or filed.hash != hashed(filed):
            raise ValueError(f"line {number} of the ledger ({filed.id}) is not what was filed")
        if (filed.id, filed.model) in seen:
            raise ValueError(f"line {number} of the ledger: {filed.id} was filed before by the same model")
        seen.add((filed.id, filed.model))
        found.append(filed)
        before = filed.hash
    return tuple(found)


def predicted(name: str, subjects: int | None = None, workers: int = 1) -> tuple[Filed, ...]:
    """What the present model says of one experiment, not yet part of the ledger (without ``before`` and ``hash``)."""
    protocol = protocols()[name]
    people = {c.name: c.setup.subjects if subjects is None else subjects for c in protocol.conditions}
    found = []
    for (key, values), (_, row) in zip(
        run.samples(protocol, subjects, workers=workers).items(), protocol.measures, strict=True
    ):
        outcome = next(o for o in run.described(protocol).outcomes if o.key == key)
        low, high = np.percentile(values, PEOPLE) if len(values) else (math.nan, math.nan)
        mean = float(values.mean()) if len(values) else math.nan
        sd = float(values.std(ddof=1)) if len(values) > 1 else math.nan
        found.append(
            Filed(
                id=f"{name}.{key}",
                date=date.today().isoformat(),
                quantity=outcome.quantity,
                unit=outcome.unit,
                **{k: _kept(v) for k, v in {"mean": mean, "sd": sd, "low": low, "high": high}.items()},
                n=len(values),
                asked=people[row.of or ""],
                seed=protocol.seed,
                protocol=protocol_digest(PLACE / "protocols" / f"{name}.toml"),
                model=model_digest(),
                before="",
            )
        )
    return tuple(found)


def _kept(value: float) -> float | None:
    return None if math.isnan(value) else float(f"{value:.4g}")


def appended(text: str, new: Iterable[Filed]) -> str:
    """The ledger's text with lines added at its end."""
    lines = text.splitlines()
    before = json.loads(lines[-1])["hash"] if lines else FIRST
    for filed in new:
        values = asdict(filed) | {"before": before}
        before = values["hash"] = hashed(Filed(**values))
        lines.append(json.dumps(values, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def file_new(names: tuple[str, ...], workers: int) -> None:
    """Run each experiment of ``names`` (of none: of all) that the present model has not filed; append what it says."""
    for name, protocol in protocols().items():
        if names and name not in names:
            continue
        text = LEDGER.read_text(encoding="utf-8") if LEDGER.exists() else ""
        if protocol.cannot or any(f.experiment == name and f.model == model_digest() for f in ledger(text)):
            continue
        new = predicted(name, workers=workers)
        LEDGER.write_text(appended(text, new), encoding="utf-8")
        print(name, len(new), "filed", flush=True)


def again(name: str, workers: int) -> None:
    """Print the last filed value of each outcome of an experiment beside what the present model says."""
    last = {f.id: f for f in ledger() if f.experiment == name}
    same_model = all(f.model == model_digest() for f in last.values())
    print(f"{name}: filed by {'this model' if same_model else 'another model than this one'} ({model_digest()})")
    for now in predicted(name, workers=workers):
        was = last.get(now.id)
        verdict = "not filed" if was is None else "same" if (now.mean, now.sd) == (was.mean, was.sd) else "other"
        print(f"{now.id:34} filed {'-' if was is None else was.mean}  now {now.mean} {now.unit}  {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument(
        "--file",
        nargs="*",
        metavar="P01",
        choices=protocols(),
        help="run and append what this model has not filed; of these experiments, or of all",
    )
    asked.add_argument("--again", metavar="P01", choices=protocols(), help="run one experiment again")
    asked.add_argument("--pages", action="store_true", help="write the page")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    if given.file is not None:
        file_new(tuple(given.file), given.workers)
    elif given.again:
        again(given.again, given.workers)
    if not given.again:
        from predictions_page import page

        PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
