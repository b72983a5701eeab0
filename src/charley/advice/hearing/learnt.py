"""What was learnt from many wordings: a weight of each piece of a text for each target, added up.

Pieces are the words (as stems), pairs of neighbours, ideas, and runs of three to five letters, so that a form or a word
that nobody wrote down still counts by its parts. The weights are those of a linear classifier, one target against the
rest (squared hinge loss; Fan et al. 2008, LIBLINEAR, J Mach Learn Res 9:1871), on pieces weighted by how rare they are;
``scripts/fit_hearing.py`` fits them and writes the file that is read here.
"""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from charley.advice.hearing.spelling import stem

RUNS = (3, 4, 5)  # letters of the runs, the ends of the word counted as one each
LETTERS = bytes(code for code in range(35, 127) if code != 92)  # of a weight in the file, the lowest first
ZERO = len(LETTERS) // 2
MOST_TIMES = 5  # that a piece counts; hardly one stands more often in a text that was learnt from


def pieces(sentences: Iterable[Sequence[str]], ideas: Iterable[str] = ()) -> Counter[str]:
    """The pieces of a text, each with how often it stands there. ``ideas``: names of what its words stand for."""
    found = Counter(f"={idea}" for idea in ideas)
    for words in sentences:
        stems = [stem(word) for word in words]
        found.update(stems)
        found.update(f"{one} {other}" for one, other in itertools.pairwise(stems))
        for word in words:
            ends = f"<{word}>"
            found.update(f"#{ends[at : at + n]}" for n in RUNS for at in range(len(ends) - n + 1))
    return found


class Learnt:
    """The weights of one file: a line of JSON, a line of pieces, a line of how rare each is, and then one letter for
    each piece and target."""

    def __init__(self, file: bytes) -> None:
        head, names, rare, self._weights = file.split(b"\n", 3)
        header = json.loads(head)
        self.targets: tuple[str, ...] = tuple(header["targets"])
        self.digest: str = header["digest"]
        self._bias: list[float] = header["bias"]
        self._step: float = header["step"]
        self._rare = rare.split(b"\t")
        self._place = {name: at for at, name in enumerate(names.decode().split("\t"))}

    def scores(self, found: Mapping[str, float]) -> dict[str, float]:
        """The score of each target, about 1 where it is meant and -1 where it is not."""
        width = len(self.targets)
        total = [0.0] * width
        sum_of = square = 0.0
        for piece, number in found.items():
            at = self._place.get(piece)
            if at is not None:
                weight = min(number, MOST_TIMES) * float(self._rare[at])
                sum_of += weight
                square += weight * weight
                letters = self._weights[at * width : (at + 1) * width].translate(_CODES)
                total = [value + weight * code for value, code in zip(total, letters, strict=True)]
        scale = self._step / math.sqrt(square) if square else 0.0
        return {
            target: bias + scale * (value - ZERO * sum_of)
            for target, bias, value in zip(self.targets, self._bias, total, strict=True)
        }


_CODES = bytes(max(0, LETTERS.find(code)) for code in range(256))  # letter of the file -> 0 for the lowest weight


def as_bytes(
    targets: Sequence[str], bias: Sequence[float], rows: Mapping[str, tuple[float, Sequence[float]]], digest: str
) -> bytes:
    """The file of some weights. ``rows``: for each piece how rare it is and its weight for each target; ``digest``:
    of the texts that they were learnt from."""
    step = max(abs(weight) for _, weights in rows.values() for weight in weights) / ZERO
    header = {"targets": list(targets), "bias": [round(b, 4) for b in bias], "step": step, "digest": digest}
    names = sorted(rows)
    lines = [
        json.dumps(header),
        "\t".join(names),
        "\t".join(f"{rows[name][0]:.2f}" for name in names),
        "".join(chr(LETTERS[ZERO + round(weight / step)]) for name in names for weight in rows[name][1]),
    ]
    return "\n".join(lines).encode()
