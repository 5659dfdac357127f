"""Running submissions on an existing dask.distributed cluster."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from coursekit.errors import UsageError

SECONDS = 10


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """An executor on the cluster, and how many threads its workers have.

    A submission whose worker dies is run again by another. Raises UsageError where no scheduler answers, or it has no
    workers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("--dask needs dask.distributed: pip install 'coursekit[scale]'") from None
    try:
        client = Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        detail = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageError(f"no dask scheduler answers at {address}: {detail}") from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise UsageError(f"the dask scheduler at {address} has no workers: start some with `dask worker {address}`")
        yield client.get_executor(pure=False), threads
