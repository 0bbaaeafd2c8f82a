"""What can go wrong for somebody who wants to come in. Answers never tell whether a name or a number is known."""

from __future__ import annotations

from kit.problems import Conflict, NotFound, Unauthorized, Unprocessable, Words


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
