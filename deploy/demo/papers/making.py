"""Making pictures once and keeping them under the hash of what they show."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from deploy.demo.papers import camera, encode
from deploy.demo.papers.spec import PaperSpec

_PROCESSES: Final = 2
_UNFINISHED: Final = ".making-"
# No picture takes this long: an unfinished file that is older belongs to a process that was killed.
_ABANDONED_SECONDS: Final = 600


def make(spec: PaperSpec, folder: Path) -> Path:
    """The file of a spec in a folder, made if it is not there yet."""
    path = folder / spec.file_name()
    if _is_made(path):
        return path
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_UNFINISHED, suffix=path.suffix, dir=folder)
    os.close(handle)
    unfinished = Path(name)
    try:
        encode.write(camera.picture(spec), spec, unfinished)
        # mkstemp hides its files from others; the process that sends the picture may be another user's.
        unfinished.chmod(0o644)
        # Two processes may make the same picture at once: both have the same bytes, and the last name stays.
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def make_all(
    specs: Mapping[str, PaperSpec],
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Path]:
    """The files of all specs by their names, two made at a time; ``progress`` hears (done, total) after each.

    The processes are spawned, so a program calls this below ``if __name__ == "__main__":``.
    """
    _sweep(folder)
    paths = {name: folder / spec.file_name() for name, spec in specs.items()}
    # Two names may ask for one picture: it is made once.
    missing = {paths[name]: spec for name, spec in specs.items() if not _is_made(paths[name])}
    wanted = len(set(paths.values()))
    kept = wanted - len(missing)
    _report(progress, kept, wanted)
    for done, _ in enumerate(_made(list(missing.values()), folder), start=kept + 1):
        _report(progress, done, wanted)
    return paths


def _made(specs: list[PaperSpec], folder: Path) -> Iterator[Path]:
    """Make pictures and give each as it is done; for a single one no process is worth starting."""
    if len(specs) < _PROCESSES:
        yield from (make(spec, folder) for spec in specs)
        return
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        started = [pool.submit(make, spec, folder) for spec in specs]
        try:
            for finished in as_completed(started):
                yield finished.result()
        finally:
            # After a failure or Ctrl-C nobody waits for the rest.
            pool.shutdown(cancel_futures=True)


def _sweep(folder: Path) -> None:
    """Remove what killed processes left unfinished."""
    oldest = time.time() - _ABANDONED_SECONDS
    for path in folder.glob(f"{_UNFINISHED}*"):
        # Another process may sweep or finish at this moment.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _is_made(path: Path) -> bool:
    """Whether a picture is there; an empty file is what a crash of the machine can leave of one."""
    return path.is_file() and path.stat().st_size > 0


def _report(progress: Callable[[int, int], None] | None, done: int, total: int) -> None:
    """Tell whoever wants to know."""
    if progress is not None:
        progress(done, total)
