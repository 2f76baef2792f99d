"""Amounts as whole numbers of the currency's smallest unit; two currencies are never added."""

from __future__ import annotations

import re
from decimal import Decimal

from portal.core import settings
from portal.core.errors import Invalid

# Currencies without hundredths, and with thousandths (ISO 4217); all others have two digits.
DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3, "JOD": 3}
CODES = re.compile(r"[A-Z]{3}(?: [A-Z]{3})*")
SHAPE = re.compile(r"\d{1,3}(?:[ ,\u00a0\u202f']?\d{3})*(?:\.\d+)?")
MOST = 10**15
HINT = "Write it like 12500 or 12,500.50."


def currencies() -> list[str]:
    """The currencies that the host deals in."""
    return str(settings.get("referral_currencies")).split()


def codes_ok(text: str) -> bool:
    """Whether a setting names currencies."""
    return CODES.fullmatch(text) is not None


def digits(currency: str) -> int:
    """How many digits stand after the point."""
    return DIGITS.get(currency, 2)


def parse(text: str, currency: str) -> int | None:
    """The amount that somebody typed, in smallest units; nothing typed is no amount."""
    if not text:
        return None
    if not SHAPE.fullmatch(text):
        raise Invalid(f"This is no amount. {HINT}", "amount")
    if currency not in currencies():
        raise Invalid("Choose the currency.", "currency")
    typed = Decimal(re.sub(r"[ ,\u00a0\u202f']", "", text))
    exact = typed.scaleb(digits(currency))
    if exact > MOST:
        raise Invalid("This is more than we can write down. Look at the number once more.", "amount")
    if -int(typed.as_tuple().exponent) > digits(currency):  # "33.000" is thirty-three thousand in much of Europe
        raise Invalid(f"{currency} has {digits(currency)} digits after the point. {HINT}", "amount")
    return int(exact)


def exact(amount: int, currency: str) -> Decimal:
    """The amount as a number, for exports."""
    return Decimal(amount).scaleb(-digits(currency))


def shown(amount: int | None, currency: str) -> str:
    """ "GBP 12,500", or nothing; the point only where something stands behind it."""
    if amount is None:
        return ""
    number = f"{exact(amount, currency):,.{digits(currency)}f}"
    whole, _, rest = number.partition(".")
    return f"{currency} {number if rest.strip('0') else whole}"


def typed(amount: int | None, currency: str) -> str:
    """The amount as it stands in a field."""
    return "" if amount is None else str(exact(amount, currency)).removesuffix("." + "0" * digits(currency))
