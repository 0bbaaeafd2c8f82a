"""gunicorn, started from our own command so that each role is one command line."""

from __future__ import annotations

import os
import shutil
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from prometheus_client import multiprocess

from kit.roles import build_app
from kit.service import Service
from kit.settings import Settings


class Server(BaseApplication):  # type: ignore[misc]
    """Threads, not processes, wait for slow uploads; the pool and the clock are made in each worker, after the fork."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self._service = service
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        chosen: dict[str, Any] = {
            "bind": self._settings.listen,
            "workers": self._settings.web_processes,
            "threads": self._settings.web_threads,
            "worker_class": "gthread",
            "worker_connections": 1000,
            "timeout": 60,
            "graceful_timeout": 25,
            "keepalive": 15,
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": self._service.name,
            "forwarded_allow_ips": "127.0.0.1",
            "limit_request_line": 4094,
            "child_exit": _forget_metrics,
            "on_exit": _remove_metrics,
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return build_app(self._service, self._settings)


def _forget_metrics(_server: Any, worker: Any) -> None:
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def _remove_metrics(_server: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
