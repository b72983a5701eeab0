"""Fits the small network of the ear (``advice/hearing/network.py``) to the texts of danger and of none.

    .venv/bin/python scripts/fit_network.py                              writes network_danger.bin beside the other built files
    .venv/bin/python scripts/fit_network.py --without hearing_fourth,hearing_fifth OUT    leaves sets out, and writes to the folder OUT

The texts are those of ``fit_hearing.py``, questions thinned out. Cross-entropy of each target, by Adam (Kingma and Ba 2015, arXiv:1412.6980)
with weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101) and dropout of words and of numbers (Srivastava et al. 2014, J Mach Learn
Res 15:1929). The seed is fixed; sums may differ in the last digit between machines, so the file may too.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fit_hearing import BUILT, LEVELS, Row, danger_digest, danger_rows
from numpy.typing import NDArray
from scipy import sparse

from charley.advice.hearing import ear
from charley.advice.hearing.network import REACH, WINDOWS, as_bytes

Array = NDArray[np.float32]
Part = NDArray[np.int64] | slice
Tokens = list[list[str]]  # the words of each sentence of a text

WIDTH = 32  # numbers of a word
FILTERS = 48  # of each window
HIDDEN = 64
DROPPED, WORDS_DROPPED = 0.3, 0.1
STEP, DECAY = 3e-3, 1e-2
BATCH = 64  # texts
PASSES = 6
FEWEST = 2  # texts that must hold a word
WEIGHTS = {"set": 2.0, "told": 1.0, "sign": 0.4, "question": 0.4}  # of a text, by where it stands
QUESTIONS = 0.3  # share of the questions that is learnt from: they are many and easily told apart
SEED = 3


@dataclass(frozen=True)
class Text:
    """Numbers of the words of each sentence, the targets that hold (0 or 1), and how much the text counts for each."""

    sentences: tuple[tuple[int, ...], ...]
    holds: tuple[float, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class Batch:
    """Texts one after the other, ``REACH`` empty words (number -1) between sentences. ``real``: places of words; ``starts``: of
    each text among them."""

    words: NDArray[np.int64]
    real: NDArray[np.int64]
    starts: NDArray[np.int64]
    holds: Array
    weights: Array


def batch(texts: Sequence[Text]) -> Batch:
    words = [-1] * REACH
    starts = []
    count = 0
    for text in texts:
        starts.append(count)
        for sentence in text.sentences:
            words += [*sentence, *[-1] * REACH]
            count += len(sentence)
    line = np.array(words)
    return Batch(
        line,
        np.flatnonzero(line >= 0),
        np.array(starts),
        np.array([text.holds for text in texts], dtype=np.float32),
        np.array([text.weights for text in texts], dtype=np.float32),
    )


class Model:
    """The weights, and the slope of the loss in each of them."""

    def __init__(self, words: int, targets: int, drawn: np.random.Generator) -> None:
        def layer(units: int, inputs: int) -> Array:
            edge = inputs**-0.5
            return drawn.uniform(-edge, edge, (units, inputs + 1)).astype(np.float32)  # the last one is the bias

        self.drawn = drawn
        self.weights = {
            "rows": drawn.normal(0, 0.2, (words, WIDTH)).astype(np.float32),
            **{f"window {window}": layer(FILTERS, window * WIDTH) for window in WINDOWS},
            "hidden": layer(HIDDEN, 2 * FILTERS * len(WINDOWS)),
            "out": layer(targets, HIDDEN),
        }

    def _kept(self, shape: tuple[int, ...], learning: bool, share: float = DROPPED) -> Array | float:
        return (self.drawn.random(shape, dtype=np.float32) >= share) / np.float32(1 - share) if learning else 1.0

    def run(self, of: Batch, learning: bool) -> tuple[Array, dict[str, tuple[Part, Array]]]:
        """The sum of each target in each text; where it is ``learning``, the slopes of the loss too, each with the part of the
        weights that it is of."""
        weights = self.weights
        words = of.words
        if learning:  # some words are read as one that was not learnt
            words = np.where((self.drawn.random(words.shape) < WORDS_DROPPED) & (words >= 0), 0, words)
        kept_rows = self._kept((len(words), WIDTH), learning)
        line = weights["rows"][words] * kept_rows * (words >= 0)[:, None]
        padded = np.concatenate([np.zeros((REACH, WIDTH), np.float32), line, np.zeros((REACH, WIDTH), np.float32)])
        wide = np.concatenate([padded[at : at + len(words)] for at in range(2 * REACH + 1)], axis=1)[of.real]
        spans = [(window, (REACH - window // 2) * WIDTH, (REACH + window // 2 + 1) * WIDTH) for window in WINDOWS]
        found = np.concatenate(
            [_through(weights[f"window {window}"], wide[:, first:end]) for window, first, end in spans], axis=1
        ).clip(0)
        lengths = np.diff([*of.starts, len(of.real)])
        text_of = np.repeat(np.arange(len(of.starts)), lengths)
        most = np.maximum.reduceat(found, of.starts)
        mean = np.add.reduceat(found, of.starts) / lengths[:, None].astype(np.float32)
        kept_seen = self._kept((len(of.starts), 2 * found.shape[1]), learning)
        seen = np.concatenate([most, mean], axis=1) * kept_seen
        hidden = _through(weights["hidden"], seen).clip(0)
        kept_hidden = self._kept(hidden.shape, learning)
        out = _through(weights["out"], hidden * kept_hidden)
        if not learning:
            return out, {}
        slopes: dict[str, Array] = {}
        by_out = (1 / (1 + np.exp(-out)) - of.holds) * of.weights / np.float32(out.size)
        by_hidden, slopes["out"] = _back(weights["out"], hidden * kept_hidden, by_out)
        by_seen, slopes["hidden"] = _back(weights["hidden"], seen, by_hidden * kept_hidden * (hidden > 0))
        by_seen *= kept_seen
        by_most, by_mean = np.split(by_seen, 2, axis=1)
        there = ((found == most[text_of]) & (found > 0)).astype(np.float32)  # a word that stands twice shares the slope
        by_most /= np.add.reduceat(there, of.starts).clip(1)
        by_found = by_most[text_of] * there + (by_mean / lengths[:, None].astype(np.float32))[text_of] * (found > 0)
        by_wide = np.zeros_like(wide)
        for part, (window, first, end) in zip(np.split(by_found, len(WINDOWS), axis=1), spans, strict=True):
            back, slopes[f"window {window}"] = _back(weights[f"window {window}"], wide[:, first:end], part)
            by_wide[:, first:end] += back
        by_line = np.zeros_like(padded)
        for at in range(2 * REACH + 1):  # a place is written to once in each turn
            by_line[of.real + at] += by_wide[:, at * WIDTH : (at + 1) * WIDTH]
        by_line = (by_line[REACH : REACH + len(words)] * kept_rows)[of.real]
        rows, row_of = np.unique(words[of.real], return_inverse=True)
        count = len(row_of)
        sums = sparse.csr_matrix((np.ones(count, np.float32), (row_of, np.arange(count))), shape=(len(rows), count))
        slopes["rows"] = sums @ by_line  # of these rows alone
        return out, {name: (rows if name == "rows" else slice(None), slope) for name, slope in slopes.items()}


def _through(layer: Array, values: Array) -> Array:
    return np.asarray(values @ layer[:, :-1].T + layer[:, -1])


def _back(layer: Array, values: Array, slope: Array) -> tuple[Array, Array]:
    """The slope in the values that a layer is given, and in the layer."""
    return slope @ layer[:, :-1], np.concatenate([slope.T @ values, slope.sum(axis=0)[:, None]], axis=1)


def learnt(texts: Sequence[Text], words: int, seed: int = SEED, passes: int = PASSES) -> Model:
    """The network after some passes over the texts. ``words``: how many there are."""
    drawn = np.random.default_rng(seed)
    model = Model(words, len(texts[0].holds), drawn)
    first = {name: np.zeros_like(value) for name, value in model.weights.items()}
    second = {name: np.zeros_like(value) for name, value in model.weights.items()}
    steps = passes * -(-len(texts) // BATCH)
    for step, of in enumerate(_batches(texts, passes, drawn), 1):
        pace = (
            STEP * min(step / (0.1 * steps), 1.0) * max(0.0, 1 - step / (steps + 1))
        )  # up for a tenth of the way, then down
        _, slopes = model.run(of, learning=True)
        for name, (part, slope) in slopes.items():  # a row is moved only where its word stands in the batch
            first[name][part] += 0.1 * (slope - first[name][part])
            second[name][part] += 0.001 * (slope * slope - second[name][part])
            most = np.sqrt(second[name][part] / (1 - 0.999**step)) + 1e-8
            towards = first[name][part] / (1 - 0.9**step) / most
            model.weights[name][part] -= np.float32(pace) * (towards + DECAY * model.weights[name][part])
    return model


def _batches(texts: Sequence[Text], passes: int, drawn: np.random.Generator) -> Iterator[Batch]:
    for _ in range(passes):
        order = drawn.permutation(len(texts))
        for start in range(0, len(order), BATCH):
            yield batch([texts[at] for at in order[start : start + BATCH]])


def numbered(tokens: Sequence[Tokens], place: dict[str, int]) -> list[tuple[tuple[int, ...], ...]]:
    """The words of each text as numbers, 0 for one that is not known; a text of none holds one such word."""
    return [
        tuple(tuple(place.get(word, 0) for word in words) for words in sentences if words) or ((0,),)
        for sentences in tokens
    ]


def network_file(without: Sequence[str] = ()) -> bytes:
    from_where = danger_rows(without)
    drawn = np.random.default_rng(SEED)
    chosen = [(row, where) for row, where in from_where if where != "question" or drawn.random() < QUESTIONS]
    tokens = [ear.danger_words(text) for (text, _), _ in chosen]
    return fitted([row for row, _ in chosen], tokens, [WEIGHTS[where] for _, where in chosen], danger_digest(without))


def fitted(rows: Sequence[Row], tokens: Sequence[Tokens], weights: Sequence[float], digest: str) -> bytes:
    """The file of a network learnt from some texts."""
    names, model = fit(rows, tokens, weights)
    vectors = model.weights["rows"]
    step = float(np.abs(vectors).max()) / 127
    layers = []
    for name, layer in list(model.weights.items())[1:]:
        scaled = (
            layer[:, :-1] * step if name.startswith("window") else layer[:, :-1]
        )  # the rows are read as whole numbers
        layers.append((scaled.tolist(), layer[:, -1].tolist()))
    header = {"targets": LEVELS, "width": WIDTH, "filters": FILTERS, "hidden": HIDDEN, "digest": digest}
    return as_bytes(header, names, np.rint(vectors / step).astype(np.int8).tobytes(), layers)


def fit(
    rows: Sequence[Row], tokens: Sequence[Tokens], weights: Sequence[float], seed: int = SEED
) -> tuple[list[str], Model]:
    """The words, and the network."""
    numbers = Counter(word for sentences in tokens for word in {word for words in sentences for word in words})
    names = ["", *sorted(word for word, number in numbers.items() if number >= FEWEST)]
    place = {name: at for at, name in enumerate(names)}
    texts = [
        Text(sentences, tuple(float(level in meant) for level in LEVELS), (weight,) * len(LEVELS))
        for sentences, (_, meant), weight in zip(numbered(tokens, place), rows, weights, strict=True)
    ]
    return names, learnt(texts, len(names), seed)


def main(arguments: Sequence[str]) -> None:
    without = arguments[arguments.index("--without") + 1].split(",") if "--without" in arguments else []
    folder = Path(arguments[-1]) if without else BUILT
    content = network_file(without)
    (folder / "network_danger.bin").write_bytes(content)
    print(f"network_danger.bin: {len(content) // 1024} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
