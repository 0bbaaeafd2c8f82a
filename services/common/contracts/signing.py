"""The ways in which an office signs its letters; an office names those that it uses, its usual one first.

approval      the system records who approved and when; no signature, and the letter says so
by_hand       the letter is printed, signed and stamped, and an officer scans it back
certificate   PAdES with the signer's own certificate (PKCS#12), whose passphrase he types each time
bsre          PAdES by the BSrE's service, with the passphrase of the signer's account there
"""

from __future__ import annotations

METHODS = ("approval", "by_hand", "certificate", "bsre")
USUAL = ("by_hand",)
"""Of an office that says nothing: what needs no preparation."""
