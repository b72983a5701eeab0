"""Fits what the ear learns of many wordings: the weights of ``advice/hearing/learnt.py``.

    .venv/bin/python scripts/make_hearing.py                      first: it builds what words are read with
    .venv/bin/python scripts/fit_hearing.py                       fits on all tables and the sets of tests/outside
    .venv/bin/python scripts/fit_hearing.py danger                 the one file alone
    .venv/bin/python scripts/fit_hearing.py --without hearing_kept OUT   leaves a set out, and writes to the folder OUT

Texts: ``phrases.toml``, ``asked_more.toml`` and the claims in their own words; ``signs.toml``, ``told.toml`` and ``told_more.toml`` (how danger and
harmless things are told); the sets of tests/outside that have been read. One linear classifier for each target against the rest, squared
hinge loss, by L-BFGS; a text with several right answers stands for each of them.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from measure_hearing import TWINS, one_form
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from charley.advice import evidence_rows
from charley.advice.hearing import ear
from charley.advice.hearing.learnt import as_bytes
from charley.advice.hearing.signs import EMERGENCY, SOME, URGENT
from charley.advice.tables import load
from charley.advice.triage import URGENCIES, flags, triage

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "src" / "charley" / "advice" / "data" / "hearing" / "built"
SETS = ROOT / "tests" / "outside"
UNLEARNT = {"questions": {"hearing_fourth", "hearing_fifth"}}  # by what is learnt: what it gives on these is measured
COST = 0.5  # of an error against the size of the weights; 0.2 to 2 differ by a percent on the half kept aside
DANGER_COST = 0.25  # the same for danger; 0.25 and 0.5 were the best of three there
WEIGHTS = {"set": 5.0, "told": 3.0, "sign": 1.0, "question": 1.0}  # of a text of danger or of none, by where it stands
FEWEST_TEXTS = 8  # of a sign that is learnt
ROUNDS = 60  # of L-BFGS; more change nothing
FEWEST = 2  # texts that must hold a piece
LIGHTEST = 0.4  # share of the pieces, those of the least weight, that is left out

LEVELS = (SOME, URGENT, EMERGENCY)
Row = tuple[str, tuple[str, ...]]  # a text, and the targets that it stands for


def sets(name: str, key: str, without: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The rows of a file of every set that is learnt from."""
    out = {*without, *UNLEARNT.get(name, ())}
    paths = (path for path in sorted(SETS.glob(f"hearing*/{name}.toml")) if path.parent.name not in out)
    return [row for path in paths for row in tomllib.loads(path.read_text(encoding="utf-8"))[key]]


def question_rows(without: Sequence[str] = ()) -> list[Row]:
    """What the weights for questions are learnt from."""
    told = {row["id"]: row["text"] for row in (*evidence_rows.rows("claims"), *load("answers")["answer"])}
    rows: list[Row] = [(text, (target,)) for target, row in load("hearing/phrases").items() for text in row["phrases"]]
    rows += [(text, (target,)) for target, texts in load("hearing/asked_more").items() for text in texts]
    rows += [(text, (target,)) for target, text in told.items()]
    for row in sets("questions", "q", without):
        rows.append((row["text"], ("outside",) if row["right"] == ["none"] else tuple(row["right"])))
    return rows


def danger_rows(without: Sequence[str] = ()) -> list[tuple[Row, str]]:
    """What the weights for danger are learnt from, each text with where it comes from."""
    alone = {flag: URGENCIES.index(triage((flag,)).urgency) for flag in flags()}

    def row(text: str, rank: int, signs: Sequence[str] = ()) -> Row:
        return text, (*LEVELS[:rank], *(sign for sign in signs if sign in alone))

    table, told = load("hearing/signs"), load("hearing/told")
    rows = [
        (row(text, alone[sign], [sign]), "sign")
        for sign, of in table["sign"].items()
        for text in of.get("say", ())
        if "<" not in text
    ]
    rows += [(row(text, 2), "sign") for text in table["net"]["say"]]
    rows += [(row(text, alone[sign], [sign]), "told") for sign, texts in told["signs"].items() for text in texts]
    rows += [(row(text, 2), "told") for text in told["unwell"]]
    rows += [(row(text, 0), "told") for text in told["harmless"]]
    for level, texts in load("hearing/told_more").items():
        rank = 0 if level == "harmless" else URGENCIES.index(level)
        rows += [(row(text, rank, signs.split()), "told") for text, signs in texts]
    rows += [(row(text, 0), "question") for of in load("hearing/phrases").values() for text in of["phrases"]]
    rows += [(row(of["text"], 0), "question") for of in sets("questions", "q", without)]
    for of in map(one_form, sets("danger", "t", without)):
        if of["language"] == "en":
            rank = 2 if of["level"] == "ask" else 0 if of["level"] == "harmless" else URGENCIES.index(of["level"])
            rows.append((row(of["text"], rank, [TWINS.get(sign, sign) for sign in of["signs"]]), "set"))
    return rows


def fitted(
    rows: Sequence[Row],
    targets: Sequence[str],
    found: Sequence[Mapping[str, float]],
    cost: float = COST,
    shares: NDArray[np.float64] | None = None,
    of: str = "",
) -> bytes:
    """The file of the weights. ``found``: the pieces of each text; ``shares`` (texts, targets): how much each counts; ``of``:
    the digest of the texts, theirs if empty."""
    numbers = Counter(piece for pieces in found for piece in pieces)
    names = sorted(piece for piece, number in numbers.items() if number >= FEWEST)
    rare = {name: round(math.log((1 + len(found)) / (1 + numbers[name])) + 1, 2) for name in names}
    weights, bias = _linear(
        _matrix(found, names, rare),
        _signs(rows, targets),
        cost * (np.ones((len(rows), 1)) if shares is None else shares),
    )
    heaviest = np.abs(weights).max(axis=1)
    kept = np.flatnonzero(heaviest >= np.quantile(heaviest, LIGHTEST))
    return as_bytes(
        targets,
        [float(b) for b in bias],
        {names[at]: (rare[names[at]], [float(w) for w in weights[at]]) for at in kept},
        of or digest(rows),
    )


def digest(rows: Sequence[Row]) -> str:
    """Of the texts, so that a test can tell whether the weights are theirs."""
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def danger_digest(without: Sequence[str] = ()) -> str:
    """Of the texts of danger and of none, without the short phrases: those are heard by the table itself, and a new one
    need not wait for the weights."""
    return digest([row for row, where in danger_rows(without) if where in ("told", "set")])


def _matrix(found: Sequence[Mapping[str, float]], names: Sequence[str], rare: Mapping[str, float]) -> Any:
    """Texts by pieces, each text of length one."""
    place = {name: at for at, name in enumerate(names)}
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for pieces in found:
        row = [(place[piece], number * rare[piece]) for piece, number in pieces.items() if piece in place]
        length = math.sqrt(sum(value * value for _, value in row)) or 1.0
        columns += [at for at, _ in row]
        values += [value / length for _, value in row]
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), shape=(len(found), len(names)))


def _signs(rows: Sequence[Row], targets: Sequence[str]) -> NDArray[np.float64]:
    place = {target: at for at, target in enumerate(targets)}
    signs = -np.ones((len(rows), len(targets)))
    for at, (_, meant) in enumerate(rows):
        signs[at, [place[target] for target in meant if target in place]] = 1.0
    return signs


def _linear(
    matrix: Any, signs: NDArray[np.float64], costs: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (pieces by targets) and biases of the least squared hinge loss; ``costs``: of an error in each text."""
    texts, pieces = matrix.shape
    targets = signs.shape[1]
    wide = sparse.hstack([matrix, np.ones((texts, 1))]).tocsr()
    turned = wide.T.tocsr()

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(pieces + 1, targets)
        short = np.maximum(0.0, 1.0 - signs * (wide @ weights))
        slope = weights - 2 * (turned @ (costs * signs * short))
        return 0.5 * float(flat @ flat) + float((costs * short * short).sum()), slope.ravel()

    start = np.zeros((pieces + 1) * targets)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS, "maxcor": 6})
    weights = found.x.reshape(pieces + 1, targets)
    return weights[:-1], weights[-1]


def questions_file(without: Sequence[str]) -> bytes:
    rows = question_rows(without)
    targets = sorted({target for _, meant in rows for target in meant})
    return fitted(rows, targets, [ear.question_pieces(text) for text, _ in rows])


def danger_file(without: Sequence[str]) -> bytes:
    from_where = danger_rows(without)
    rows = [row for row, _ in from_where]
    numbers = Counter(target for _, meant in rows for target in meant)
    targets = [*LEVELS, *(flag for flag in flags() if numbers[flag] >= FEWEST_TEXTS)]
    found = [ear.danger_pieces(text) for text, _ in rows]
    shares = np.array([[WEIGHTS[where]] * len(targets) for _, where in from_where])
    for at, (_, meant) in enumerate(rows):
        if meant and set(meant) <= set(LEVELS):  # told how grave it is, not what it is: no sign is said to be missing
            shares[at, len(LEVELS) :] = 0.0
    return fitted(rows, targets, found, DANGER_COST, shares, danger_digest(without))


FILES = {"questions": questions_file, "danger": danger_file}


def main(arguments: Sequence[str]) -> None:
    names = [name for name in arguments if name in FILES] or list(FILES)
    without = arguments[arguments.index("--without") + 1].split(",") if "--without" in arguments else []
    folder = Path(arguments[-1]) if without else BUILT
    for name in names:
        content = FILES[name](without)
        (folder / f"learnt_{name}.txt").write_bytes(content)
        print(f"learnt_{name}.txt: {len(content) // 1024} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
