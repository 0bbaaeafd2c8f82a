"""What a signature costs: letters of one render child alone ÷ the same with a PAdES signature behind each."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import psutil

from bench.letters import DATE, KIND, Letters
from bench.measure import Figures, Result, counted, interleave
from deploy.demo import certificates
from documents.render import RenderPool
from documents.signing.certificates import open_signer
from documents.signing.pades import sign


def run(*, seconds: float, rounds: int) -> list[Result | Figures]:
    """One letter after the other, so that child and signer together keep one core busy. The key was opened once, as
    for the fifty letters of a request; no time-stamping authority is asked."""
    letters = Letters()
    signer = open_signer(certificates.signer(), certificates.PASSPHRASE)
    with RenderPool(processes=1) as pool:
        pool.warm()

        def render() -> bytes:
            return pool.render(KIND, letters.next(), document_date=DATE)

        plain = Metered(render, pool, seconds)
        signed = Metered(lambda: sign(render(), signer, place="Palembang", reason="Surat", tsa_url=None), pool, seconds)
        plain(), signed()
        with_signature, without = interleave([signed, plain], rounds)
    costs = {
        "rendering, in the child": plain.child[-rounds:],
        "signing, in the process that answers": [a - b for a, b in zip(signed.here, plain.here, strict=True)][-rounds:],
    }
    return [
        Result("P4 letters of one core, signed ÷ unsigned", "per second", None, with_signature, without,
               notes=[f"per second of processor time: {signed.rate(rounds):,.1f} ÷ {plain.rate(rounds):,.1f}"]),
        Figures("P4 processor time of a letter", "ms", costs, ["PAdES baseline B, P-256"]),
    ]  # fmt: skip


class Metered:
    """A side that keeps what a letter took of the processor, in ms: in this process, and in the render child."""

    def __init__(self, work: Callable[[], bytes], pool: RenderPool, seconds: float) -> None:
        self._work, self._seconds = work, seconds
        self._child = psutil.Process(pool.children()[0])
        self.here: list[float] = []
        self.child: list[float] = []

    def __call__(self) -> float:
        began, here, child = time.monotonic(), time.process_time(), self._spent()
        done = counted([lambda: None if self._work() else None], self._seconds)
        self.here.append(1000 * (time.process_time() - here) / done)
        self.child.append(1000 * (self._spent() - child) / done)
        return done / (time.monotonic() - began)

    def rate(self, rounds: int) -> float:
        """Letters in a second of processor time, the warm-up left out."""
        return 1000 / statistics.median(a + b for a, b in list(zip(self.here, self.child, strict=True))[-rounds:])

    def _spent(self) -> float:
        times = self._child.cpu_times()
        return float(times.user + times.system)
