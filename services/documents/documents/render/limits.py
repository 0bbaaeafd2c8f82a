"""What a child forbids itself. It asks the kernel, since nothing in a library stops what the library itself does."""

import math
import os
import resource
import sys
import time


def limit(what: int, value: int) -> None:
    """Set one limit, soft and hard; a lower one that is there stays."""
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def forbid(open_files: int) -> None:
    """No new process or thread, no file written, nothing said: diagnostics and core dumps hold people's text."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stderr.fileno())
    os.close(silence)
    limit(resource.RLIMIT_NPROC, 0)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_NOFILE, open_files)


def allow_cpu(seconds: int) -> None:
    """CPU time for one more document: should the parent die meanwhile, nobody else would stop it."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, hard))
