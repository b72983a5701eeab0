"""A Dask cluster that somebody else runs: tasks to its workers, their results back. Needs the extra ``cluster``.

Every worker must hold the same Charley: model, tables and version are compared before a result counts.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from charley.parallel.tasks import Result, Task
from charley.vocabulary.errors import CharleyError, UsageError

if TYPE_CHECKING:
    from distributed import Client

AHEAD = 2  # tasks in hand for each thread of a worker
CONNECT_S, WAIT_S = 10.0, 60.0  # for the scheduler to answer, and for any worker to be there
_SILENT = logging.CRITICAL + 1
RETRIES = 3  # times that a task whose worker died is done again


class Cluster:
    """A cluster by its scheduler's address. ``identity``: a function of a module that says what must be the same on
    every worker for the results to be. Raises UsageError: cluster-extra, cohort-scheduler, cohort-versions."""

    name = "cluster"

    def __init__(self, address: str, identity: Callable[[], str]) -> None:
        self.address, self._identity = address, identity
        self._client = _connected(address)
        try:
            _same_everywhere(self._client, address, identity)
            self.count = sum(self._client.nthreads().values())
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the cluster as it was."""
        self._client.close(timeout=CONNECT_S)

    def run(self, tasks: Iterator[Task[Result]]) -> Iterator[Result]:
        """The results as they come back. Raises UsageError (cohort-scheduler), CharleyError (cohort-workers)."""
        from distributed import wait

        out: set[Any] = set()
        try:
            while True:
                while len(out) < AHEAD * self.count and (following := next(tasks, None)) is not None:
                    out.add(self._sent(following))
                if not out:
                    return
                try:
                    ready = wait(list(out), timeout=WAIT_S, return_when="FIRST_COMPLETED").done
                except TimeoutError:
                    if not self._client.nthreads():
                        raise UsageError("cohort-scheduler", "no worker is left", self.address) from None
                    continue
                for future in ready:
                    result: Result = future.result()
                    out.remove(future)
                    yield result
        except (CharleyError, GeneratorExit):
            raise
        except Exception as error:
            raise _said(error, self.address) from error
        finally:
            for future in out:
                future.release()

    def _sent(self, task: Task[Any]) -> Any:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sending large graph")  # a runner's years of runs are some MB
            return self._client.submit(
                done, self._identity(), self._identity, task.function, *task.arguments, pure=False, retries=RETRIES
            )


def done(expected: str, identity: Callable[[], str], function: Callable[..., Result], *arguments: Any) -> Result:
    """A task on a worker, which says who it is where it is another Charley."""
    if identity() != expected:
        raise LookupError(f"a worker has {identity()}, this machine {expected}")
    return function(*arguments)


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("cluster-extra", "a cluster needs the package distributed", "--scheduler") from error
    for name in ("asyncio", *(n for n in logging.root.manager.loggerDict if n.startswith(("distributed", "tornado")))):
        logging.getLogger(name).setLevel(_SILENT)  # what goes wrong is said once, by us
    try:
        return Client(address, timeout=CONNECT_S)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError("cohort-scheduler", f"no scheduler answers: {error}", address) from error


def _same_everywhere(client: Client, address: str, identity: Callable[[], str]) -> None:
    """Raises UsageError (cohort-versions) where a worker has another Charley or none, cohort-scheduler without any."""
    try:
        if not client.nthreads():
            client.wait_for_workers(1, timeout=CONNECT_S)
        found = client.run(identity)
    except TimeoutError as error:
        raise UsageError("cohort-scheduler", "it has no workers", address) from error
    except Exception as error:
        raise _said(error, address) from error
    for worker, who in found.items():
        if who != identity():
            raise UsageError("cohort-versions", f"it has {who}, this machine {identity()}", str(worker))


def _said(error: Exception, address: str) -> CharleyError:
    """What went wrong on a cluster, as one of our own."""
    what = f"{type(error).__name__}: {error}"[:300]
    if isinstance(error, LookupError | ImportError | AttributeError):  # what a worker of another version cannot find
        return UsageError("cohort-versions", what, address)
    if type(error).__name__ == "KilledWorker":
        return CharleyError("cohort-workers", what, address)
    if isinstance(error, OSError) or "Cancelled" in type(error).__name__:  # what was asked of it is lost with it
        return UsageError("cohort-scheduler", f"the scheduler went away ({type(error).__name__})", address)
    return CharleyError("defect", what, address)
