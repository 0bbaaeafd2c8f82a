"""`python -m deploy.whatsapp_simulator`: one process, whose memory is all there is."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from deploy.whatsapp_simulator.app import create_app
from deploy.whatsapp_simulator.settings import Settings, read


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one worker: a second would be another world."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        chosen: dict[str, Any] = {
            "bind": self._settings.listen,
            "workers": 1,
            "threads": 64,
            "worker_class": "gthread",
            "timeout": 0,  # an answer may be late on purpose
            "graceful_timeout": 3,
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "whatsapp-simulator",
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        app = create_app(self._settings)
        app.extensions["simulator"].deliveries.start()
        return app


def main() -> int:
    """Answers until it is stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = read()
    to = settings.webhook_url or "nobody"
    sys.stdout.write(f"WhatsApp simulator on http://{settings.listen}, webhooks to {to}\n")
    sys.stdout.flush()
    _Server(settings).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
