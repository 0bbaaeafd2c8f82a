"""A bare application that receives one file, for trying uploads through real servers."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, jsonify, request

from kit.problems import Problem
from kit.spool import Spool
from kit.uploads import UploadLimits, received_file

LIMITS = UploadLimits(file=1_000_000, fields=5, field=1_000, in_memory=10_000, drain=8_000_000)


def create_app(folder: Path | str, limits: UploadLimits = LIMITS, spool_limit: int = 50_000_000) -> Flask:
    app = Flask(__name__)
    spool = Spool(folder, spool_limit)
    app.extensions["spool"] = spool

    @app.post("/")
    def receive() -> Response:
        with received_file(request, limits, spool) as upload:
            about = {
                "size": upload.size,
                "sha256": upload.sha256,
                "content": len(upload.stream.read()),
                "field": upload.field,
                "filename_ext": upload.filename_ext,
                "content_type": upload.content_type,
                "fields": upload.fields,
            }
        return jsonify(about)

    @app.post("/size")
    def size() -> Response:
        with received_file(request, limits, spool) as upload:
            return jsonify(size=upload.size)

    @app.get("/left")
    def left() -> Response:
        """What is still held of uploads: promised bytes, names in the folder, open files."""
        names = os.listdir(folder) if os.path.isdir(folder) else []
        return jsonify(used=spool.used, names=names, open=sum(str(folder) in link for link in open_files()))

    @app.errorhandler(Problem)
    def problem(error: Problem) -> tuple[Response, int, dict[str, str]]:
        return jsonify(error.document("id")), error.status, error.headers

    return app


def open_files() -> list[str]:
    """What this process has open; other threads open and close meanwhile."""
    found = []
    for fd in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):
            found.append(os.readlink(f"/proc/self/fd/{fd}"))
    return found
