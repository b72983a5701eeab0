"""A task, whoever does it, and this process doing them one after the other.

Any worker may do any task, twice if need be: whoever asked sees by the result what it is of, and takes it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Task(Generic[Result]):
    """A function of a module, which every worker can import, and what it is called with; both can be pickled."""

    function: Callable[..., Result]
    arguments: tuple[Any, ...]

    def done(self) -> Result:
        """Do it here."""
        return self.function(*self.arguments)


class Workers(Protocol):
    """Something that does tasks: this process, several, or a cluster."""

    @property
    def name(self) -> str:
        """ "one process", "processes" or "cluster"."""
        ...

    @property
    def count(self) -> int:
        """How many share the work."""
        ...

    def run(self, tasks: Iterator[Task[Result]]) -> Iterator[Result]:
        """The results, in any order; of each task at least one. Tasks are taken as they can be done."""
        ...


class ThisProcess:
    """One task after the other, here."""

    name, count = "one process", 1

    def run(self, tasks: Iterator[Task[Result]]) -> Iterator[Result]:
        """The results in order."""
        for task in tasks:
            yield task.done()
