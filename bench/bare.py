"""The other side of P2: handlers that read the same requests and do nothing else."""

from __future__ import annotations

from flask import Flask, request

app = Flask("bare")


@app.post("/v1/applications")
def take_json() -> tuple[dict[str, int], int]:
    """Reads the body."""
    return {"read": len(request.get_data())}, 201


@app.post("/v1/applications/files")
def take_file() -> tuple[dict[str, int], int]:
    """Reads the form and the file."""
    return {"read": len(request.form["requirement"]) + len(request.files["file"].read())}, 201
