"""Several slow steps at once; the first failure ends them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait


def together(steps: Iterable[Callable[[], None]], give_up: Callable[[], None]) -> None:
    """Run the steps at the same time and wait for all; raise the first failure.

    When a step fails or the caller is interrupted, `give_up` is called, which must make the other
    steps end soon: here it stops the programs that they wait for.
    """
    pending = list(steps)
    with ThreadPoolExecutor(max_workers=len(pending)) as pool:
        futures = [pool.submit(step) for step in pending]
        try:
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
        except BaseException:
            give_up()
            raise
