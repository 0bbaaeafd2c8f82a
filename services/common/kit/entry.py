"""`python -m <service> ROLE`: what a process of a service does.

web                     gunicorn with the service's API and pages
worker                  consumer, relay, jobs and timers in one process
consumer relay jobs     one of them alone, to be scaled by itself
migrate                 brings the database (and bucket) up to date, loads what the service ships, once
dlq list|show ID|replay ID…|drop ID…   (`all` for every one)
jobs-dead list|revive ID…
rotate-keys seal|left   its part in a change of keys (docs/operations.md)
verify-audit            walks the chains of the audit and names the first broken link
touched                 whose data a caller, session, token or period touched
republish               tells the current state of everything again
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile


def main(service: str) -> None:
    """Runs the role that the command line names. Metrics of several web processes need a folder of their own
    that stands before the metrics are imported, hence the late import."""
    arguments = sys.argv[1:] or ["web"]
    if arguments[0] == "web":
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix=f"{service}-metrics-"))
    definition = importlib.import_module(f"{service}.app").SERVICE
    roles = importlib.import_module("kit.roles")
    raise SystemExit(roles.run(definition, arguments))
