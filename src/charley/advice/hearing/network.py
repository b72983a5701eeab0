"""What was learnt of how words stand together: a small network that reads windows of one, three and five words.

A sum of words cannot tell who does what; a window of neighbours can. Each word is a row of small numbers; each filter
looks for one thing in all windows (a convolution over words, of which the most and the mean are kept: Kim 2014,
doi:10.3115/v1/D14-1181), and two layers more make of what was found how urgent the text is.
``scripts/fit_network.py`` fits it and writes the file that is read here. Plain Python: about half a millisecond a word.
"""

from __future__ import annotations

import json
import operator
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WINDOWS = (1, 3, 5)  # words of a window
REACH = max(WINDOWS) // 2  # words before and after that a window holds
COMMA, STOP, ASKS = "<,>", "<.>", "<?>"  # ends of a clause, of a sentence, of a question: words like others
MOST_WORDS = 400  # of a sentence that are read; hardly one has so many

Vector = list[float]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the filters found in a sentence: the most of each, the sum of each over all words, and how many words."""

    most: Vector
    total: Vector
    words: int


class Network:
    """The network of one file: a line of JSON, a line of words, and then the numbers, each word's row first."""

    def __init__(self, file: bytes) -> None:
        head, names, numbers = file.split(b"\n", 2)
        header = json.loads(head)
        self.targets: tuple[str, ...] = tuple(header["targets"])
        self.digest: str = header["digest"]
        self._width: int = header["width"]
        self._place = {name: at for at, name in enumerate(names.decode().split("\t"))}
        rows = len(self._place) * self._width
        self._rows = memoryview(numbers)[:rows].cast("b")
        values = array("f")
        values.frombytes(numbers[rows:])
        if sys.byteorder == "big":
            values.byteswap()
        self._rest = iter(values)
        filters, hidden = header["filters"], header["hidden"]
        self._filters = [(window, self._layer(filters, window * self._width)) for window in WINDOWS]
        self._hidden = self._layer(hidden, 2 * filters * len(WINDOWS))
        self._out = self._layer(len(self.targets), hidden)

    def _layer(self, units: int, inputs: int) -> list[tuple[Vector, float]]:
        """The next numbers of the file as units: weights of the inputs and a bias."""
        take = self._rest.__next__
        return [([take() for _ in range(inputs)], take()) for _ in range(units)]

    def see(self, words: Sequence[str]) -> Seen:
        """What the filters find in the words of a sentence."""
        width = self._width
        nothing: list[int] = [0] * width * REACH
        line = list(nothing)
        for word in words[:MOST_WORDS]:
            line += self._row(word)
        line += nothing
        count = min(len(words), MOST_WORDS)
        most: Vector = []
        total: Vector = []
        for window, units in self._filters:
            first, length = (REACH - window // 2) * width, window * width
            views = [line[start : start + length] for start in range(first, first + count * width, width)]
            for weights, bias in units:
                found = [max(0.0, bias + sum(map(operator.mul, weights, view))) for view in views]
                most.append(max(found, default=0.0))
                total.append(sum(found))
        return Seen(most, total, count)

    def scores(self, seen: Iterable[Seen]) -> dict[str, float]:
        """The score of each target in a text of some sentences: the logarithm of its odds."""
        parts = list(seen)
        words = sum(part.words for part in parts) or 1
        most = [max(values) for values in zip(*(part.most for part in parts), strict=True)]
        mean = [sum(values) / words for values in zip(*(part.total for part in parts), strict=True)]
        hidden = [max(0.0, value) for value in _through(self._hidden, most + mean)]
        return dict(zip(self.targets, _through(self._out, hidden), strict=True))

    def _row(self, word: str) -> list[int]:
        at = self._place.get(word, 0)  # the first row is that of a word that was not learnt
        return self._rows[at * self._width : (at + 1) * self._width].tolist()


def _through(units: Sequence[tuple[Vector, float]], values: Vector) -> Vector:
    return [bias + sum(map(operator.mul, weights, values)) for weights, bias in units]


def as_bytes(
    header: Mapping[str, object],
    words: Sequence[str],
    rows: bytes,
    layers: Sequence[tuple[Sequence[Sequence[float]], Sequence[float]]],
) -> bytes:
    """The file of a network: ``rows`` one signed byte a number, ``layers`` the weights of each unit and the biases."""
    values = array(
        "f", (n for weights, biases in layers for unit, b in zip(weights, biases, strict=True) for n in (*unit, b))
    )
    if sys.byteorder == "big":
        values.byteswap()
    return b"\n".join([json.dumps(header).encode(), "\t".join(words).encode(), rows + values.tobytes()])
