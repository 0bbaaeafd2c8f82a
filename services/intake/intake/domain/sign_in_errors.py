"""What can go wrong for somebody who wants to come in. Answers never tell whether a name or a number is known."""

from __future__ import annotations

from kit.problems import Conflict, Forbidden, NotFound, Unauthorized, Unavailable, Unprocessable, Words


class SignInRefused(Unauthorized):
    """Whatever was wrong: the number, the name, the code, the password."""

    slug = "sign-in-refused"
    title = Words("Tidak dapat masuk", "Sign-in refused")
    detail = Words(
        "Periksa nomor atau nama, kata sandi dan kodenya, lalu coba lagi. Kode SMS/WhatsApp berlaku lima menit.",
        "Check the number or name, the password and the code, then try again. A code holds for five minutes.",
    )


class SessionEnded(Unauthorized):
    """The refresh token counts no more: ended, expired, or used before."""

    slug = "session-ended"
    title = Words("Sesi sudah berakhir", "The session has ended")
    detail = Words("Silakan masuk lagi.", "Please sign in again.")


class InvitationRefused(NotFound):
    slug = "invitation-not-found"
    title = Words("Undangan tidak berlaku", "The invitation does not hold")
    detail = Words("Minta undangan baru kepada administrator kelurahan.", "Ask an administrator for a new one.")


class PasswordTooWeak(Unprocessable):
    slug = "password-too-weak"
    title = Words("Kata sandi terlalu mudah ditebak", "The password is too easy to guess")
    detail = Words(
        "Pakai sedikitnya 12 tanda, misalnya empat kata yang tidak berhubungan; bukan nama atau tanggal.",
        "Use at least 12 characters, such as four unrelated words; no names or dates.",
    )


class CodeNotRight(Unprocessable):
    slug = "code-not-right"
    title = Words("Kode dari aplikasi tidak cocok", "The code of the app does not match")
    detail = Words(
        "Periksa jam di ponsel, lalu masukkan kode yang tampil sekarang.",
        "Check the clock of the phone, then type the code that it shows now.",
    )


class NameTaken(Conflict):
    slug = "name-taken"
    title = Words("Nama pengguna sudah ada", "The user name is taken")
    detail = Words("Pilih nama pengguna yang lain.", "Choose another user name.")


class RoleNotHere(Unprocessable):
    slug = "role-not-here"
    title = Words("Peran ini tidak ada di sini", "There is no such role here")

    def __init__(self, roles: list[str]) -> None:
        listed = ", ".join(roles)
        super().__init__(Words(f"Pilih dari: {listed}.", f"Choose among: {listed}."))


class PlaceNotHere(Unprocessable):
    """A machine reads no office that is not below the place of who lets it in."""

    slug = "place-not-here"
    title = Words("Bukan wilayah Anda", "Not within your area")

    def __init__(self, code: str) -> None:
        super().__init__(
            Words(
                f"{code} bukan kode kelurahan atau kecamatan di wilayah Anda.",
                f"{code} is no code of a kelurahan or kecamatan in your area.",
            )
        )


class LastAdministrator(Conflict):
    slug = "last-administrator"
    title = Words("Administrator terakhir", "The last administrator")
    detail = Words(
        "Undang administrator lain dahulu, dan tunggu sampai ia menerima.",
        "Invite another administrator first, and wait until he has accepted.",
    )


class AccountClosed(Conflict):
    slug = "account-closed"
    title = Words("Akun sudah ditutup", "The account is closed")
    detail = Words("Undang orangnya lagi dengan nama pengguna yang lain.", "Invite the person under another user name.")


# --- by the city's identity provider --------------------------------------------------------------------------------


class NoProvider(NotFound):
    slug = "provider-not-set"
    title = Words("Masuk lewat akun kota tidak tersedia", "There is no sign-in with the city's account")
    detail = Words(
        "Masuk dengan nama pengguna, kata sandi dan kode aplikasi.",
        "Sign in with user name, password and the app's code.",
    )


class ProviderAway(Unavailable):
    """Its answers do not come, or are none that can be used; `reason` is for the log."""

    slug = "provider-away"
    title = Words("Akun kota tidak menjawab", "The city's sign-in does not answer")
    detail = Words(
        "Tunggu sebentar, lalu mulai masuk lagi dari awal. Tidak ada yang berubah.",
        "Wait a moment, then begin to sign in again. Nothing was changed.",
    )


class NotBegunHere(Unauthorized):
    """No sign-in that this browser began in the last ten minutes, or one that was finished."""

    slug = "sign-in-not-begun"
    title = Words("Masuk ini tidak dimulai di sini", "This sign-in did not begin here")
    detail = Words(
        "Mulai masuk lagi dari awal, di peramban yang sama, dan selesaikan dalam sepuluh menit.",
        "Begin to sign in again, in the same browser, and finish within ten minutes.",
    )


class ProviderRefused(Unauthorized):
    """The provider let nobody in, or what it handed over does not prove who it is; `reason` is for the log."""

    slug = "provider-refused"
    title = Words("Akun kota tidak dapat dipakai masuk", "The city's account lets you in no further")
    detail = Words(
        "Mulai masuk lagi dari awal. Jika terulang, hubungi pengelola akun kota.",
        "Begin to sign in again. If it happens again, ask those who look after the city's accounts.",
    )

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class NoRoleHere(Forbidden):
    slug = "no-role-here"
    title = Words("Akun kota ini belum punya peran di sini", "This account has no role here")
    detail = Words(
        "Minta pengelola akun kota memasukkan Anda ke kelompok kantor Anda, lalu masuk lagi.",
        "Ask those who look after the city's accounts to put you into your office's group, then sign in again.",
    )


class SeveralOffices(Forbidden):
    slug = "several-offices"
    title = Words("Akun kota ini punya peran di beberapa kantor", "This account has roles in several offices")

    def __init__(self, offices: list[str]) -> None:
        listed = ", ".join(offices)
        super().__init__(
            Words(
                f"Satu akun untuk satu kantor. Minta pengelola akun kota memilih satu dari: {listed}.",
                f"One account is for one office. Ask those who look after the city's accounts for one of: {listed}.",
            )
        )


class ClosedHere(Forbidden):
    slug = "closed-here"
    title = Words("Akun Anda di sini sudah ditutup", "Your account here is closed")
    detail = Words("Hubungi administrator kantor Anda.", "Ask the administrator of your office.")


class ComesByProvider(Conflict):
    slug = "comes-by-provider"
    title = Words("Akun ini masuk lewat akun kota", "This account comes in with the city's account")
    detail = Words(
        "Kata sandi dan perannya diatur pengelola akun kota.",
        "Its password and roles are looked after with the city's accounts.",
    )


class LinkRefused(NotFound):
    slug = "link-refused"
    title = Words("Tautan ini tidak berlaku lagi", "This link does not count any more")
    detail = Words(
        "Tautan hanya berlaku sekali dan satu hari. Balas *tautan* di percakapan untuk mendapat yang baru.",
        "A link counts once, and for a day. Answer *link* in the conversation to get a new one.",
    )
