"""Errors with an HTTP meaning, and the problem document (RFC 9457) that they become.

    Problem
    ├── BadRequest 400         ├── NotFound 404            ├── PreconditionFailed 412   ├── Unprocessable 422
    ├── Unauthorized 401       ├── MethodNotAllowed 405    ├── TooLarge 413             ├── Unavailable 503
    ├── Forbidden 403          ├── Conflict 409            ├── UnsupportedMediaType 415 └── InternalError 500
    ├── NotAcceptable 406                                  └── TooManyRequests 429
    └── Gone 410

A service derives its own from these and gives each a `slug` (stable, part of `type`) and its sentences.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar, NamedTuple

from kit.errors import Retryable


class Words(NamedTuple):
    """A sentence for people, Indonesian first."""

    id: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.id


class Problem(Exception):
    """Base of every error that a caller sees.

    `detail` overrides the class's own sentence; `errors` maps a field's path to what is wrong with it;
    `more` is added to the document as extension members; `headers` go onto the response.
    """

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal-error"
    title: ClassVar[Words] = Words("Terjadi kesalahan", "Something went wrong")
    detail: Words = Words("Silakan coba lagi nanti.", "Please try again later.")

    def __init__(
        self,
        detail: Words | None = None,
        *,
        errors: dict[str, Any] | None = None,
        more: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        if detail is not None:
            self.detail = detail
        self.errors = errors
        self.more = more or {}
        self.headers = headers or {}
        super().__init__(self.detail.en)

    def document(self, language: str, instance: str | None = None) -> dict[str, Any]:
        """The body of the answer, in `id` or `en`."""
        body: dict[str, Any] = {
            "type": f"urn:problem:{self.slug}",
            "title": self.title.in_language(language),
            "status": self.status,
            "detail": self.detail.in_language(language),
        }
        if instance:
            body["instance"] = f"urn:request:{instance}"
        if self.errors:
            body["errors"] = translated(self.errors, language)
        return body | self.more


def translated(value: Any, language: str) -> Any:
    """The same with each of its sentences in that language."""
    if isinstance(value, Words):
        return value.in_language(language)
    if isinstance(value, dict):
        return {key: translated(item, language) for key, item in value.items()}
    if isinstance(value, list):
        return [translated(item, language) for item in value]
    return value


class BadRequest(Problem):
    status, slug = 400, "bad-request"
    title = Words("Permintaan tidak dapat dibaca", "The request could not be read")
    detail = Words("Periksa bentuk permintaan, lalu kirim lagi.", "Check the form of the request and send it again.")


class Unauthorized(Problem):
    status, slug = 401, "unauthorized"
    title = Words("Anda belum dikenal", "You are not signed in")
    detail = Words("Sertakan token yang masih berlaku.", "Send a bearer token that is still valid.")

    def __init__(self, detail: Words | None = None, **more: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, **more)


class Forbidden(Problem):
    status, slug = 403, "forbidden"
    title = Words("Bukan wewenang Anda", "Not within your role")
    detail = Words("Peran Anda tidak boleh melakukan ini.", "Your role may not do this.")


class NotFound(Problem):
    status, slug = 404, "not-found"
    title = Words("Tidak ditemukan", "Not found")
    detail = Words("Yang dicari tidak ada, atau bukan milik Anda.", "It does not exist, or it is not yours.")


class MethodNotAllowed(Problem):
    status, slug = 405, "method-not-allowed"
    title = Words("Cara tidak dikenal di alamat ini", "Method not allowed")
    detail = Words("Alamat ini tidak menerima cara tersebut.", "This address does not take that method.")


class NotAcceptable(Problem):
    status, slug = 406, "not-acceptable"
    title = Words("Bentuk jawaban tidak tersedia", "Not acceptable")
    detail = Words("Mintalah application/json.", "Ask for application/json.")


class Conflict(Problem):
    status, slug = 409, "conflict"
    title = Words("Tidak dapat dilakukan sekarang", "Not possible now")
    detail = Words("Keadaannya sudah berubah. Muat ulang dahulu.", "Its state has changed. Load it again first.")


class Gone(Problem):
    """It was there, and is not kept any more."""

    status, slug = 410, "gone"
    title = Words("Sudah tidak ada", "Gone")
    detail = Words("Yang dicari sudah tidak disimpan.", "It is not kept any more.")


class PreconditionFailed(Problem):
    status, slug = 412, "precondition-failed"
    title = Words("Sudah diubah orang lain", "Changed by somebody else")
    detail = Words("Muat ulang, lalu ulangi perubahan Anda.", "Load it again, then repeat your change.")


class TooLarge(Problem):
    status, slug = 413, "too-large"
    title = Words("Terlalu besar", "Too large")
    detail = Words("Kirim berkas yang lebih kecil.", "Send something smaller.")


class UnsupportedMediaType(Problem):
    status, slug = 415, "unsupported-media-type"
    title = Words("Jenis isi tidak diterima", "Unsupported media type")
    detail = Words("Kirim sebagai application/json.", "Send it as application/json.")


class Unprocessable(Problem):
    status, slug = 422, "invalid"
    title = Words("Isian belum benar", "Some fields are not right")
    detail = Words("Perbaiki isian yang disebut, lalu kirim lagi.", "Mend the fields named and send it again.")


class TooManyRequests(Problem):
    """More than is allowed in this time; so many seconds later it may go on."""

    status, slug = 429, "too-many-requests"
    title = Words("Terlalu sering", "Too many requests")
    detail = Words("Tunggu dahulu, lalu coba lagi.", "Wait, and then try again.")

    def __init__(self, seconds: float, detail: Words | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": str(max(1, math.ceil(seconds)))})


class InternalError(Problem):
    """What nobody foresaw; the log has the rest under the request's id."""


class Unavailable(Problem, Retryable):
    """A part that we stand on does not answer; nothing was changed, or asking again with the same key tells."""

    status, slug = 503, "unavailable"
    title = Words("Layanan sedang terganggu", "Temporarily unavailable")
    detail = Words("Silakan coba lagi sebentar lagi.", "Please try again in a moment.")

    def __init__(self, reason: str = "unavailable", *, after: float = 5) -> None:
        Problem.__init__(self, headers={"Retry-After": str(int(after))})
        self.reason = reason
        self.after = after
