"""The Flask application that every service has: problem documents, request ids, limits, OpenAPI, health, metrics.

A service hands in its blueprints; `create_app` does the rest, the same way for all.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import Any

import flask
import structlog
from flask import Flask, Response, g, jsonify, request, send_from_directory
from flask_smorest import Api, Blueprint
from marshmallow import INCLUDE, RAISE, Schema, fields
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException

from kit import audit, bodies, health, pages, problems, quotas, safety, trace, versions
from kit.auth import public
from kit.gate import Gate
from kit.language import language
from kit.metrics import REQUEST_SECONDS, REQUESTS
from kit.problems import Problem, Unprocessable

MAX_JSON = 1_000_000

log = structlog.get_logger()

_BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind
    for kind in (
        problems.BadRequest, problems.Unauthorized, problems.Forbidden, problems.NotFound, problems.MethodNotAllowed,
        problems.NotAcceptable, problems.Conflict, problems.Gone, problems.TooLarge, problems.UnsupportedMediaType,
        Unprocessable,
    )
}  # fmt: skip


class Parser(FlaskParser):
    """Refuses unknown fields everywhere, and bodies that are not JSON with 415 instead of 422."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE, "form": RAISE, "path": None, "files": None}

    def load_json(self, req: Any, schema: Any) -> Any:
        if not req.is_json:
            raise problems.UnsupportedMediaType
        if (req.content_length or 0) > MAX_JSON:
            raise problems.TooLarge
        try:
            found = super().load_json(req, schema)
            if b"\\ud" in req.get_data().lower():  # half a sign, which no other system takes, can only come like this
                json.dumps(found, ensure_ascii=False).encode()
            return found
        except (RecursionError, ValueError) as error:  # nested too deep; not UTF-8; a number of thousands of digits
            raise problems.BadRequest from error

    def handle_error(self, error: Any, req: Any, schema: Any, **_more: Any) -> Any:
        messages = error.messages if isinstance(error.messages, dict) else {"json": error.messages}
        raise Unprocessable(errors=messages)

    def _handle_invalid_json_error(self, error: Any, req: Any, *_args: Any, **_more: Any) -> Any:
        raise problems.BadRequest from error


class Resource(Blueprint):
    """A blueprint of the API whose arguments are read by our parser."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        # Behind the arguments, to whose parameters it adds.
        self._prepare_doc_cbks.insert(1, _describe_versions)

    def arguments(self, schema: Any, **more: Any) -> Any:
        """As flask-smorest has it, with one instance of the schema for all requests: making one costs more than
        reading with it."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **more)


def _describe_versions(doc: dict[str, Any], told: dict[str, Any], **_more: Any) -> dict[str, Any]:
    refused = told.get("manual_doc", {}).get("responses", {})
    versions.described(doc, told.get("response", {}).get("responses", {}), refused)
    return doc


def create_app(
    service: str,
    blueprints: Iterable[Blueprint],
    page_blueprints: Iterable[flask.Blueprint] = (),
    *,
    menu: Sequence[pages.Entry] = (),
    deps: Any,
    gate: Gate,
    readiness: health.Readiness,
    title: str,
    description: str,
    max_body: int = 20_000_000,
) -> Flask:
    """The WSGI application of a service. `deps` is what its routes need (see `kit.answers.deps`)."""
    app = Flask(service, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config.update(
        API_TITLE=title,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        MAX_CONTENT_LENGTH=max_body,
        MAX_FORM_MEMORY_SIZE=100_000,
        MAX_FORM_PARTS=20,
        API_SPEC_OPTIONS={
            "info": {"description": description},
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
        },
    )
    app.extensions["deps"] = deps
    app.extensions["gate"] = gate
    _watch_requests(app)
    app.after_request(audit.complete)
    app.after_request(quotas.finish)
    api = _Api(app)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    for pages_of_it in page_blueprints:  # of which some answer JSON as well, and are described
        (api if isinstance(pages_of_it, Resource) else app).register_blueprint(pages_of_it)
    pages.install(app, service, menu)
    _serve_documentation(app, service, api)
    _serve_health(app, service, readiness)
    app.wsgi_app = safety.added(bodies.watched(app.wsgi_app))  # type: ignore[method-assign, assignment]
    return app


class ProblemDocument(Schema):
    """RFC 9457: what every error looks like; a problem may have members of its own besides."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True, metadata={"example": "urn:problem:not-found"})
    title = fields.String(required=True, metadata={"example": "Tidak ditemukan"})
    status = fields.Integer(required=True, metadata={"example": 404})
    detail = fields.String(metadata={"example": "Yang dicari tidak ada, atau bukan milik Anda."})
    instance = fields.String(metadata={"example": "urn:request:0af7651916cd43dd8448eb211c80319c"})
    errors = fields.Dict(metadata={"description": "Per place and field: what is wrong with it."})


class _Api(Api):  # type: ignore[misc]
    """flask-smorest with our error documents in place of its own."""

    ERROR_SCHEMA = ProblemDocument
    DEFAULT_ERROR_RESPONSE_NAME = None
    """An operation names each status that it may answer with: `kit.openapi.refusals`."""

    def _register_error_handlers(self) -> None:
        self._app.register_error_handler(Problem, _problem_response)
        self._app.register_error_handler(HTTPException, _http_error)
        self._app.register_error_handler(Exception, _unforeseen)


def _problem_response(problem: Problem) -> Response:
    response = pages.problem_page(problem) if pages.wanted() else _problem_document(problem)
    if problem.status >= 500:
        log.warning("answered with a problem", slug=problem.slug, reason=getattr(problem, "reason", None))
    return response


def _problem_document(problem: Problem) -> Response:
    response = jsonify(problem.document(language(), trace.trace_id()))
    response.status_code = problem.status
    response.mimetype = "application/problem+json"
    response.headers.update(problem.headers)
    response.headers["Content-Language"] = language()
    return response


def _http_error(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    kind = _BY_STATUS.get(
        error.code or 500, problems.BadRequest if (error.code or 500) < 500 else problems.InternalError
    )
    response = _problem_response(kind())
    if error.code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _unforeseen(error: Exception) -> Response:
    log.exception("a request failed", error=type(error).__name__)
    return _problem_response(problems.InternalError())


def _watch_requests(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        trace.begin(request.headers.get("traceparent"))
        if "\0" in request.path:  # nothing is called that, and a database cannot even be asked
            raise problems.NotFound

    @app.after_request
    def end(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "unknown"
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        REQUESTS.labels(request.method, route, response.status_code).inc()
        REQUEST_SECONDS.labels(request.method, route).observe(seconds)
        response.headers["X-Request-Id"] = trace.trace_id() or ""
        response.headers.setdefault("Cache-Control", "no-store")
        if not route.startswith("/health"):
            log.info(
                "answered",
                method=request.method,
                route=route,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        return response


def _serve_documentation(app: Flask, service: str, api: Api) -> None:
    ui = resources.files("swagger_ui") / "static"

    @app.get(f"/{service}/openapi.json")
    @public
    def openapi() -> Response:
        return jsonify(api.spec.to_dict())

    @app.get(f"/{service}/docs")
    @public
    def docs() -> Response:
        page = _DOCS_PAGE.replace("SERVICE", service)
        return Response(page, mimetype="text/html", headers={"Content-Security-Policy": safety.DOCUMENTATION})

    @app.get(f"/{service}/docs/<path:name>")
    @public
    def docs_file(name: str) -> Response:
        if name == "start.js":
            return Response(_DOCS_START.replace("SERVICE", service), mimetype="text/javascript")
        return send_from_directory(str(ui), name, max_age=3600)


def _serve_health(app: Flask, service: str, readiness: health.Readiness) -> None:
    def live() -> Response:
        return jsonify({"status": "live"})

    def ready() -> Response:
        report = readiness()
        response = jsonify(report.body)
        response.status_code = 200 if report.ready else 503
        return response

    def metrics() -> Response:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    app.add_url_rule("/health/live", view_func=public(live, cost=0))
    app.add_url_rule("/health/ready", view_func=public(ready, cost=0))
    app.add_url_rule(f"/{service}/health/ready", "ready_outside", view_func=public(ready, cost=0))
    app.add_url_rule("/metrics", view_func=public(metrics, cost=0))


_DOCS_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>SERVICE API</title>
<link rel="stylesheet" href="/SERVICE/docs/swagger-ui.css"></head><body><div id="ui"></div>
<script src="/SERVICE/docs/swagger-ui-bundle.js"></script><script src="/SERVICE/docs/start.js"></script>
</body></html>"""

_DOCS_START = """SwaggerUIBundle(
  {url: "/SERVICE/openapi.json", dom_id: "#ui", deepLinking: true, validatorUrl: null});"""
