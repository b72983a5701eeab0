"""A Dask cluster that somebody else runs: chunks to its workers, their counts back. Needs the extra ``cluster``.

Every worker must hold the same Charley: model, tables and version are compared before a chunk counts.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from charley.cohort.run import MODEL, Chunk, Done, Order, parameters_hash, work
from charley.vocabulary.errors import CharleyError, UsageError
from charley.vocabulary.version import __version__

if TYPE_CHECKING:
    from distributed import Client

AHEAD = 2  # chunks in hand for each thread of a worker
CONNECT_S, WAIT_S = 10.0, 60.0  # for the scheduler to answer, and for any worker to be there
_SILENT = logging.CRITICAL + 1
RETRIES = 3  # times that a chunk whose worker died is done again


class Cluster:
    """A cluster by its scheduler's address. Raises UsageError: cluster-extra, cohort-scheduler, cohort-versions."""

    name = "cluster"

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = _connected(address)
        try:
            _same_everywhere(self._client, address)
            self.count = sum(self._client.nthreads().values())
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the cluster as it was."""
        self._client.close(timeout=CONNECT_S)

    def run(self, order: Order, chunks: Iterator[Chunk]) -> Iterator[Done]:
        """The chunks as they come back. Raises UsageError (cohort-scheduler), CharleyError (cohort-workers)."""
        from distributed import wait

        out: dict[Any, Chunk] = {}
        try:
            while True:
                while len(out) < AHEAD * self.count and (following := next(chunks, None)) is not None:
                    out[self._sent(order, following)] = following
                if not out:
                    return
                try:
                    ready = wait(list(out), timeout=WAIT_S, return_when="FIRST_COMPLETED").done
                except TimeoutError:
                    if not self._client.nthreads():
                        raise UsageError("cohort-scheduler", "no worker is left", self.address) from None
                    continue
                for future in ready:
                    done: Done = future.result()
                    del out[future]
                    yield done
        except (CharleyError, GeneratorExit):
            raise
        except Exception as error:
            raise _said(error, self.address) from error
        finally:
            for future in out:
                future.release()

    def _sent(self, order: Order, chunk: Chunk) -> Any:
        return self._client.submit(
            task, identity(), order.field_key, order.seed, chunk.first, chunk.count, pure=False, retries=RETRIES
        )


def identity() -> str:
    """What must be the same on every worker for the figures to be."""
    return f"charley {__version__}, {MODEL}, tables {parameters_hash()[:16]}"


def task(expected: str, field_key: str, seed: int, first: int, count: int) -> Done:
    """One chunk on a worker, which says who it is where it is another Charley."""
    if identity() != expected:
        raise LookupError(f"a worker has {identity()}, this machine {expected}")
    done = work(field_key, seed, first, count)
    return replace(done, process=f"{socket.gethostname()}:{os.getpid()}")


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


def _same_everywhere(client: Client, address: str) -> None:
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
