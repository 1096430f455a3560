"""Telephone numbers: as people and networks write them, to E.164."""

import re
from functools import lru_cache

from crm_tui.shop.gate.errors import BadPhone, NoPhone


def with_zero(text: str) -> str:
    """Spreadsheets take a number for one, and its leading 0 away: 812… is 0812…"""
    text = text.strip()
    return "0" + text if text.isdecimal() and text.startswith("8") and len(text) >= 9 else text


_MOBILE = re.compile(r"(?:\+62|62|0)(8[1-9]\d{7,9})", re.ASCII)
_CUT_SHORT = re.compile(r"\+628[1-9]\d{0,6}", re.ASCII)
"""A mobile number of Indonesia of which digits are missing."""


_WITH_AREA = 9
"""Digits of the shortest number of Indonesia with the code of its town, and without the zero before."""


FOR_SMS = (
    "substr(min(CASE WHEN substr(number, 1, 3) = '+62' AND substr(number, 4, 1) <> '8'"
    " THEN '1' ELSE '0' END || number), 2)"
)
"""SQL, of several rows of `phones`: the number that a customer is called by, and gets SMS at. Landlines
of Indonesia come last, for they get none."""


_WIDE = str.maketrans("０１２３４５６７８９＋", "0123456789+")
"""Digits of the Far East's width are digits; those of other scripts are none."""


@lru_cache(maxsize=4096)
def e164(text: str, country: str) -> str | None:
    """`text` as "+62…", or None if it is a name, a short number, or no number at all.

    `country` (ISO 3166, e.g. "ID") is where a number without + belongs.
    """
    digits = re.sub(r"[\s().\-/]", "", text.translate(_WIDE))
    if country == "ID" and (mobile := _MOBILE.fullmatch(digits)):
        # What nearly all numbers here are; the library takes 40 µs for each.
        return "+62" + mobile[1]
    import phonenumbers

    code = str(phonenumbers.country_code_for_region(country))
    # 62812345678 without "+" passes for a landline of the country itself.
    for prefix in ("00" + code, code):
        if digits.startswith(prefix):
            digits = "+" + digits[len(prefix) - len(code) :]
            break
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not re.fullmatch(r"\+?[0-9]{7,15}", digits):
        return None
    if country == "ID" and digits[0] not in "+0" and len(digits) < _WITH_AREA:
        # Of a town nobody named.
        return None
    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=4096)
def of_the_country(number: str, country: str, *, mobile: bool) -> bool:
    """Whether an E.164 number is one of `country` that costs as usual: a mobile one, or, unless
    `mobile`, a landline; no satellites, no premium or service numbers, no other countries."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return False
    code = phonenumbers.country_code_for_region(country)
    if parsed.country_code != code or not phonenumbers.is_possible_number(parsed):
        return False
    if country == "ID" and _MOBILE.fullmatch(number):
        # Operators open new ranges sooner than tables of them are renewed.
        return True
    kind = phonenumbers.number_type(parsed)
    mobiles = {
        phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    }  # fmt: skip
    return kind in mobiles or (not mobile and kind == phonenumbers.PhoneNumberType.FIXED_LINE)


def checked(text: str, country: str) -> str:
    """`text` as E.164. Raises `BadPhone`."""
    number = e164(text, country)
    if number is None or _CUT_SHORT.fullmatch(number):
        raise BadPhone(phone=text) if text.strip() else NoPhone()
    return number
