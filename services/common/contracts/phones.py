"""Phone numbers as Indonesians write them, kept as E.164."""

from __future__ import annotations

import re

import phonenumbers

_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


def normalise_phone(text: str) -> str:
    """E.164 of a mobile number. Raises ValueError."""
    try:
        number = phonenumbers.parse(re.sub(r"^\s*00", "+", text), "ID")
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        raise ValueError("not a mobile phone number")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
