"""Numbers of cards and of accounts, told by their form, their issuer or country, and their check digits.

Sources: ISO/IEC 7812-1 (the issuer's first digits and Luhn's check digit), the ranges that the schemes publish, and ISO 13616 with the
lengths in SWIFT's registry of IBANs (check digits modulo 97, ISO 7064).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.timeline.redaction.found import Found, Rule
from amends.timeline.redaction.sieve import ACCOUNT, CARD

if TYPE_CHECKING:
    from collections.abc import Iterator

_CARD = re.compile(
    r"(?<![\w.])(?<!_-)(?:"
    r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}"  # most schemes
    r"|3\d{3}([ -])\d{6}\2\d{4,5}"  # American Express, Diners
    r"|\d{14,16}"
    r")(?![\w-]|\.\d)"
)
_ISSUERS = (
    (re.compile(r"4"), (16,)),  # Visa; the old ones of 13 digits are taken for times far too often
    (re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)"), (16,)),  # Mastercard
    (re.compile(r"3[47]"), (15,)),  # American Express
    (re.compile(r"3(?:0[0-5]|095|[689])"), (14,)),  # Diners Club
    (re.compile(r"6011|64[4-9]|65"), (16,)),  # Discover
    (re.compile(r"35(?:2[89]|[3-8])"), (16,)),  # JCB
    (re.compile(r"62"), (16,)),  # UnionPay
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?:[ -][A-Z0-9]{4}){2,7}(?:[ -][A-Z0-9]{1,3})?)(?![A-Za-z0-9])")
_LENGTHS = {
    int(length): countries.split()
    for length, countries in {
        "15": "NO", "16": "BE", "18": "DK FI FO GL NL", "19": "MK SI", "20": "AT BA EE KZ LT LU XK", "21": "CH CR HR LI LV",
        "22": "BG BH DE GB GE IE ME RS VA", "23": "AE GI IL IQ OM SO TL", "24": "AD CZ ES MD PK RO SA SE SK TN VG",
        "25": "LY PT ST", "26": "IS TR", "27": "BI DJ FR GR IT MC MR SM", "28": "AL AZ BY CY DO GT HN HU LB NI PL SV",
        "29": "BR EG PS QA UA", "30": "JO KW MU YE", "31": "MT SC", "32": "LC", "33": "RU",
    }.items()
}  # fmt: skip
_LENGTH = {country: length for length, countries in _LENGTHS.items() for country in countries}


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = (int(one) * 2 for one in digits[-2::-2])
    return (sum(int(one) for one in digits[::-2]) + sum(one - 9 if one > 9 else one for one in doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """Whether letters and digits without gaps are an IBAN of a known country, with right check digits."""
    moved = text[4:] + text[:4]
    return _LENGTH.get(text[:2]) == len(text) and int("".join(str(int(one, 36)) for one in moved)) % 97 == 1


def _cards(text: str) -> Iterator[Found]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        issued = any(len(digits) in lengths and issuer.match(digits) for issuer, lengths in _ISSUERS)
        if issued and len(set(digits)) > 1 and luhn(digits):
            yield Found(match.start(), match.end(), "card number", digits)


def _ibans(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        groups = re.split(r"[ -]", match[0])
        for last in range(len(groups), 0, -1):  # a word in capitals may follow
            if is_iban("".join(groups[:last])):
                yield Found(match.start(), match.start() + len(" ".join(groups[:last])), "iban", "".join(groups[:last]))
                break


RULES = (Rule("card number", _cards, (CARD,)), Rule("iban", _ibans, (ACCOUNT,)))
"""Numbers with check digits."""
