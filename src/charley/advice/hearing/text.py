"""Text as it is typed or dictated -> words, sentences and clauses, with the many ways of "not" made one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Contractions that carry a "not", and forms with the apostrophe left out, as they are typed on a phone.
NOT = {
    "can't": "cannot", "cant": "cannot", "couldn't": "cannot", "couldnt": "cannot", "cannae": "cannot",
    "won't": "willnot", "wont": "willnot", "wouldn't": "willnot", "wouldnt": "willnot",
    "isn't": "is not", "isnt": "is not", "aren't": "are not", "arent": "are not", "ain't": "is not",
    "aint": "is not", "wasn't": "was not", "wasnt": "was not", "weren't": "were not", "werent": "were not",
    "don't": "do not", "dont": "do not", "doesn't": "does not", "doesnt": "does not", "didn't": "did not",
    "didnt": "did not", "haven't": "have not", "havent": "have not", "hasn't": "has not", "hasnt": "has not",
    "hadn't": "had not", "hadnt": "had not", "shouldn't": "should not", "shouldnt": "should not",
    "i'm": "i am", "im": "i am", "i've": "i have", "ive": "i have", "i'd": "i had", "i'll": "i will",
    "he's": "he is", "hes": "he is", "she's": "she is", "shes": "she is", "it's": "it is",
    "that's": "that is", "thats": "that is", "there's": "there is", "theres": "there is", "they're": "they are",
    "theyre": "they are", "we're": "we are", "you're": "you are", "what's": "what is", "whats": "what is",
    "where's": "where is", "who's": "who is", "they've": "they have", "we've": "we have", "gonna": "going to",
    "wanna": "want to", "gotta": "got to", "dunno": "do not know", "nothin": "nothing", "somethin": "something",
    "alot": "a lot", "nobody's": "nobody is", "everything's": "everything is", "something's": "something is",
}  # fmt: skip
TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,:]\d+)*|[.!?;\n]+|[-,–—(){}:/]+|[^\W\d_]+")
HYPHEN = re.compile(r"(?<=\w)-(?=\w)")  # within a word: "heat-stroke" is two words
HARD_STOP = frozenset(".!?;\n")
MOST_WORDS = 4000  # of a text; what stands after them is not read


@dataclass(frozen=True, slots=True)
class Word:
    """One word, the number of its sentence and of its clause, and the sign that ended the text before it."""

    text: str
    sentence: int
    clause: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of one sentence, and whether it ended with a question mark."""

    words: tuple[Word, ...]
    asks: bool


# Words that begin a new clause: what was denied before them is not denied after them.
TURNS = frozenset(["but", "though", "although", "however", "yet", "except", "whereas", "nevertheless"])


def plain(text: str) -> str:
    """Lower case, signs of the keyboard made one, accents of Latin letters dropped."""
    text = unicodedata.normalize("NFKC", text).lower().translate(_SIGNS)
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


_SIGNS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "ß": "ss", "…": "."})


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text; "can't", "cant" and "could not" all read "cannot", "won't" reads "willnot"."""
    found: list[Sentence] = []
    words: list[Word] = []
    clause = 0
    before = previous = ""
    for token in _tokens(text):
        if token[0] in HARD_STOP:
            if words:
                found.append(Sentence(tuple(words), "?" in token))
                words, clause = [], clause + 1
        elif token[0] in ",-–—(){}:/":
            clause += 1 if token[0] != "/" else 0
        else:
            if token in TURNS and not (previous == "nothing" and before != "or"):  # "nothing but a cramp"
                clause += 1
            words.append(Word(token, len(found), clause))
            before, previous = previous, token
    if words:
        found.append(Sentence(tuple(words), False))
    return tuple(found)


def _tokens(text: str) -> list[str]:
    out: list[str] = []
    for token in TOKEN.findall(HYPHEN.sub(" ", plain(text))):
        out.extend(NOT.get(token, token.removesuffix("'s").replace("'", "")).split())
        if len(out) > MOST_WORDS:
            break
    return _with_able(out)


def _with_able(tokens: list[str]) -> list[str]:
    """ "could not", "not able to", "unable to" and "all right" as one word; "charley horse" as the cramp that it is."""
    out: list[str] = []
    at = 0
    while at < len(tokens):
        pair = tuple(tokens[at : at + 2])
        if pair in (("can", "not"), ("could", "not")):
            out.append("cannot")
            at += 2
        elif pair in (("will", "not"), ("would", "not")):
            out.append("willnot")
            at += 2
        elif pair == ("all", "right"):
            out.append("alright")
            at += 2
        elif pair[0] in ("charley", "charlie") and pair[1:] in (("horse",), ("horses",)):
            out.append("cramp")
            at += 2
        elif pair == ("not", "able") or pair == ("unable", "to"):
            out.append("cannot")
            at += 3 if tokens[at + 2 : at + 3] == ["to"] else 2
        else:
            out.append(tokens[at])
            at += 1
    return out
