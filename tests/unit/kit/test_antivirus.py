"""Only clamd's own word that a file is clean counts as such; everything else is: nobody knows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from kit.antivirus import Antivirus, ScannerSilent, parsed
from kit.metrics import ANTIVIRUS_UP
from tests.support.clamd import MODES, Clamd, clamd
from tests.support.hostile import EICAR

PHOTO = bytes(200_000)


@pytest.fixture
def scanner() -> Iterator[Clamd]:
    with clamd() as found:
        yield found


def asking(scanner: Clamd, **more: float) -> Antivirus:
    return Antivirus(scanner.address, **{"seconds": 2.0, "rest": 0.0, "ping": 0.5} | more)  # type: ignore[arg-type]


def test_a_clean_file_is_clean_and_eicar_is_found_wherever_it_stands(scanner: Clamd) -> None:
    asked = asking(scanner)
    assert asked.scan(BytesIO(PHOTO)) is None
    for content in (EICAR, PHOTO[: 64 * 1024 - 30] + EICAR + PHOTO):
        assert asked.scan(BytesIO(content)) == "Eicar-Test-Signature"
    assert _gauge() == 1


def test_it_is_asked_through_a_socket_in_the_file_system_too(tmp_path: Path) -> None:
    with clamd(tmp_path / "clamd.sock") as found:
        assert found.address.startswith("unix:/")
        assert Antivirus(found.address).scan(BytesIO(EICAR)) == "Eicar-Test-Signature"


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode not in ("well", "slow")])
@pytest.mark.parametrize("content", [PHOTO, PHOTO + EICAR], ids=["clean", "eicar"])
def test_whatever_else_it_does_nobody_knows(scanner: Clamd, mode: str, content: bytes) -> None:
    scanner.mode = mode
    asked, began = asking(scanner, seconds=0.5), time.monotonic()
    with pytest.raises(ScannerSilent):
        asked.scan(BytesIO(content * 100 if mode == "hurried" else content))
    assert time.monotonic() - began < 5
    assert _gauge() == (0 if mode in ("silent", "gone") else 1), "whether it is there at all"
    scanner.mode = "well"
    assert asked.scan(BytesIO(PHOTO)) is None, "it is asked again"


def test_an_answer_that_comes_letter_by_letter_counts_once_it_is_whole_and_in_time(scanner: Clamd) -> None:
    scanner.mode = "slow"
    assert asking(scanner).scan(BytesIO(EICAR)) == "Eicar-Test-Signature"
    with pytest.raises(ScannerSilent):
        asking(scanner, seconds=0.1).scan(BytesIO(PHOTO))


def test_nobody_there_is_nobody_knows() -> None:
    with clamd() as found:
        address = found.address
    with pytest.raises(ScannerSilent):
        Antivirus(address).scan(BytesIO(PHOTO))


def test_more_than_the_bound_is_not_sent(scanner: Clamd) -> None:
    with pytest.raises(ScannerSilent, match="more than 199999 bytes"):
        asking(scanner, most=199_999).scan(BytesIO(PHOTO))
    assert asking(scanner, most=200_000).scan(BytesIO(PHOTO)) is None


def test_after_a_failure_it_is_left_alone_for_a_while(scanner: Clamd) -> None:
    scanner.mode = "gone"
    asked = asking(scanner, rest=0.5)
    with pytest.raises(ScannerSilent):
        asked.scan(BytesIO(PHOTO))
    scanner.mode = "well"
    with pytest.raises(ScannerSilent) as raised:
        asked.scan(BytesIO(PHOTO))
    assert scanner.streams == 0 and 0 < (raised.value.after or 0) <= 0.5
    time.sleep(raised.value.after or 0)
    assert asked.scan(BytesIO(PHOTO)) is None


def test_a_file_that_it_comes_to_no_end_with_holds_up_no_other(scanner: Clamd) -> None:
    asked = asking(scanner, seconds=0.2, rest=60)
    for _ in range(5):
        scanner.mode = "lost"
        with pytest.raises(ScannerSilent):
            asked.scan(BytesIO(PHOTO), "slow")
    scanner.mode = "well"
    assert asked.scan(BytesIO(PHOTO), "other") is None
    assert scanner.pings == 5 and _gauge() == 1


def test_a_scanner_that_comes_to_no_end_with_several_files_in_a_row_is_left_alone(scanner: Clamd) -> None:
    asked = asking(scanner, seconds=0.2, rest=60)
    scanner.mode = "lost"
    for name in ("one", "two", "three"):
        with pytest.raises(ScannerSilent):
            asked.scan(BytesIO(PHOTO), name)
    scanner.mode = "well"
    with pytest.raises(ScannerSilent) as raised:
        asked.scan(BytesIO(PHOTO), "four")
    assert raised.value.after and scanner.streams == 3 and _gauge() == 0


def test_a_scanner_that_does_not_even_say_that_it_is_there_is_left_alone_at_once(scanner: Clamd) -> None:
    asked = asking(scanner, seconds=0.2, rest=60, ping=0.2)
    scanner.mode = "silent"
    with pytest.raises(ScannerSilent):
        asked.scan(BytesIO(PHOTO), "one")
    scanner.mode = "well"
    with pytest.raises(ScannerSilent):
        asked.scan(BytesIO(PHOTO), "two")
    assert scanner.streams == 1


def test_an_address_is_a_host_with_its_port_or_a_path() -> None:
    assert parsed("antivirus:3310") == ("antivirus", 3310)
    assert parsed("[::1]:3310") == ("::1", 3310)
    assert parsed("unix:/run/clamd.sock") == "/run/clamd.sock"
    for wrong in (
        "antivirus",
        ":3310",
        "antivirus:0",
        "antivirus:x",
        "tcp://antivirus:3310",
        "unix:clamd.sock",
        "a:1/b",
    ):
        with pytest.raises(ValueError, match=r".+"):
            parsed(wrong)


def _gauge() -> float:
    return next(sample.value for metric in ANTIVIRUS_UP.collect() for sample in metric.samples)
