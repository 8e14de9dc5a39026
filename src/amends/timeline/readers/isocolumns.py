"""Many times at once: texts in one of the forms of ISO 8601, or counts since 1970, as a column of microseconds in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from amends.timeline.entry import UNDATED, flag
from amends.timeline.readers.times import YEARS, instant

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_FORM = re.compile(
    rb"(?P<Y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)[T ](?P<H>\d\d):(?P<M>\d\d):(?P<S>\d\d)(?:[.,](?P<f>\d{1,9}))?"
    rb"(?P<z>Z|[+-](?P<zh>\d\d):?(?P<zm>\d\d))?"
)
_ASSUMED = flag("zone_assumed")
_QUARTER = 900_000_000
_FIRST, _LAST = 0, (YEARS.stop - 1970) * 31_556_952_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def times_of(values: list[Any], zone: tzinfo | None) -> tuple[Ints, NDArray[np.int16], Bools]:
    """The time of each value, its flags, and whether it is one."""
    time = np.full(len(values), UNDATED, np.int64)
    flags = np.zeros(len(values), np.int16)
    kinds = set(map(type, values))
    if kinds == {str}:
        _texts(values, zone, time, flags)
    elif kinds <= {int, float}:
        _counts(values, time)
    for place in np.flatnonzero(time == UNDATED).tolist():
        found = instant(values[place], zone)
        if found is not None:
            time[place], flags[place] = found.time, found.flags
    return time, flags, time != UNDATED


def _counts(values: list[Any], time: Ints) -> None:
    """Counts since 1970; what they count is told by their size."""
    if any(not -(1 << 62) < value < 1 << 62 for value in values):
        return
    numbers = np.array(values)
    usual = (numbers > 0) & (numbers < 4e18)
    numbers = np.where(usual, numbers, 0)
    whole = np.floor(numbers).astype(np.int64)
    usual &= np.any([(whole >= 10 ** (digits - 1)) & (whole < 10 ** (digits + 1)) for digits in (9, 12, 15, 18)], axis=0)
    if numbers.dtype.kind == "f":
        usual &= numbers < 1e11
    fraction = np.rint((numbers - whole) * 1e6).astype(np.int64) if numbers.dtype.kind == "f" else 0
    scaled = np.select(
        [whole < 10**11, whole < 10**14, whole < 10**17],
        [np.minimum(whole, 10**11) * 1_000_000 + fraction, np.minimum(whole, 10**14) * 1000, whole],
        whole // 1000,
    )
    usual &= scaled < _LAST
    time[usual] = scaled[usual]


def _texts(values: list[str], zone: tzinfo | None, time: Ints, flags: NDArray[np.int16]) -> None:
    """Texts that are written alike are read together, by their length."""
    lengths = np.fromiter(map(len, values), np.int64, len(values))
    for length in np.unique(lengths).tolist():
        if not 19 <= length <= 40:
            continue
        places = np.flatnonzero(lengths == length)
        joined = ("".join(values) if len(places) == len(values) else "".join([values[place] for place in places.tolist()])).encode()
        if len(joined) != len(places) * length:
            continue
        rows = np.frombuffer(joined, np.uint8).reshape(len(places), length)
        form = _FORM.fullmatch(joined[:length])
        if form is None:
            continue
        found, fits = _rows(rows, form)
        if form["z"] is None:
            found = _in_zone(found, fits, zone)
            flags[places[fits]] = _ASSUMED
        time[places[fits]] = found[fits]


def _rows(rows: NDArray[np.uint8], form: re.Match[bytes]) -> tuple[Ints, Bools]:
    """The times of texts of one form, and which of them have it."""
    digits = [n for name in "YmdHMSf" if form[name] is not None for n in range(*form.span(name))]
    others = [n for n in range(rows.shape[1]) if n not in digits]
    values = rows - np.uint8(48)
    fits = (values[:, digits] < 10).all(axis=1) & (rows[:, others] == rows[0, others]).all(axis=1)
    part = {name: _number(values, form.span(name)) for name in "YmdHMS"}
    months = (part["Y"] - 1970) * 12 + part["m"] - 1
    first = _days(months)
    fits &= (part["Y"] >= YEARS.start) & (part["Y"] < YEARS.stop) & (part["m"] >= 1) & (part["m"] <= 12) & (part["d"] >= 1)
    fits &= (part["d"] <= _days(months + 1) - first) & (part["H"] < 24) & (part["M"] < 60) & (part["S"] < 60)
    seconds = (first + part["d"] - 1) * 86_400 + part["H"] * 3600 + part["M"] * 60 + part["S"]
    found = seconds * 1_000_000
    if form["f"] is not None:
        start, end = form.span("f")
        width = min(end - start, 6)
        found += _number(values, (start, start + width)) * 10 ** (6 - width)
    if form["zh"] is not None:
        east = int(form["zh"]) * 60 + int(form["zm"])
        fits &= east < 24 * 60
        found -= (-east if form["z"][:1] == b"-" else east) * 60_000_000
    return found, fits


def _days(months: Ints) -> Ints:
    """Days from 1970 to the first of each month."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _number(values: NDArray[np.uint8], span: tuple[int, int]) -> Ints:
    found = np.zeros(len(values), np.int64)
    for place in range(*span):
        found = found * 10 + values[:, place]
    return found


def _in_zone(found: Ints, fits: Bools, zone: tzinfo | None) -> Ints:
    """Times of a clock in a zone as those of UTC; no clock is changed but on a quarter of an hour."""
    if zone is None:
        return found
    quarters, inverse = np.unique(np.where(fits, found // _QUARTER, 0), return_inverse=True)
    east = np.fromiter((_east(quarter, zone) for quarter in quarters.tolist()), np.int64, len(quarters))
    return found - east[inverse]


def _east(quarter: int, zone: tzinfo) -> int:
    """Microseconds that a clock of a zone is ahead when it shows a quarter of an hour."""
    shown = (_EPOCH + timedelta(microseconds=quarter * _QUARTER)).replace(tzinfo=zone)
    offset = shown.utcoffset()
    return offset // timedelta(microseconds=1) if offset is not None else 0
