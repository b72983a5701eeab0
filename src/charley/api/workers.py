"""Who does the work of a question that is large enough to be shared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from charley.parallel.tasks import Workers


@contextmanager
def sharing(workers: int, scheduler: str | None, identity: Callable[[], str]) -> Iterator[Workers]:
    """This process, ``workers`` others, or the Dask cluster at ``scheduler``, which is left as it was.

    ``identity``: see ``parallel.cluster``. Raises UsageError: usage-value, cluster-extra, cohort-scheduler,
    cohort-versions.
    """
    if scheduler is None:
        from charley.parallel.processes import workers_of

        yield workers_of(workers)
        return
    from charley.parallel.cluster import Cluster

    cluster = Cluster(scheduler, identity)
    try:
        yield cluster
    finally:
        cluster.close()
