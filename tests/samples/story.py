"""The incident of the sample evidence, as one course of events that all of its log files tell from their own side.

Made up by us: the shop, its people and every number. All instants are UTC; the shop's machines stand in Berlin, one hour ahead. Only
`Random.random` is drawn from, which gives the same numbers with every release of Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

DAY = datetime(2026, 3, 4, tzinfo=UTC)


def at(clock: str) -> datetime:
    """An instant of the day, as 14:06:31.412."""
    hour, minute, second = clock.split(":")
    return DAY + timedelta(hours=int(hour), minutes=int(minute), seconds=float(second))


FIRST, END = at("12:30:00"), at("16:30:00")
FLAG_UP, FLAG_OFF = at("13:02:11.904"), at("14:21:07.318")
DEPLOY, DEPLOYED = at("13:51:15"), at("13:52:31")
NEWSLETTER = at("14:00:00")
SCALED_UP, ONSET = at("14:06:14"), at("14:06:31.412")
SCALED_DOWN, SCALED_UP_AGAIN, ONSET_AGAIN = at("14:38:20"), at("14:44:41"), at("14:44:58")
ROLLBACK, ROLLED_BACK = at("15:12:04"), at("15:13:26")
WELL = ROLLED_BACK - timedelta(seconds=24)
"""From when on no payment failed: the two pods without connections were the last to be rolled back."""
FIRST_FAILED = ONSET - timedelta(milliseconds=31)
GATEWAY_AHEAD = timedelta(seconds=40)
PODS = ("x2k4m", "b7wqz", "9ndlr", "hh5tc", "q0v8s", "m3jpf")
"""The pods of payments. The last two came with the rush, and found no connection left: four pods with 40 each had all that were free."""
API_WAITS, POOL_WAITS = timedelta(seconds=10), timedelta(seconds=30)
CHARGED_WITHOUT_ORDER = 61


@dataclass(slots=True)
class Attempt:
    """Somebody pressed "pay": when, and how it went. `charged` says that the card was charged although it failed."""

    time: datetime
    order: int
    trace: str
    ip: str
    agent: int
    cents: int
    pod: str
    took: timedelta
    failed: bool = False
    charged: bool = False
    stored_at: datetime | None = None

    @property
    def answered(self) -> datetime:
        """When the shop answered."""
        return self.time + (API_WAITS if self.failed else self.took)

    @property
    def charge(self) -> str:
        """The id of the charge."""
        return f"ch_{self.trace[:10]}"


@dataclass(slots=True)
class Day:
    """The afternoon."""

    rng: Random
    attempts: list[Attempt] = field(default_factory=list)
    drained: datetime | None = None
    most_waiting: int = 0

    @property
    def failed(self) -> list[Attempt]:
        """The attempts that failed, in order."""
        return [attempt for attempt in self.attempts if attempt.failed]


def is_broken(when: datetime) -> bool:
    """Whether the database refuses new connections at an instant: while two pods more than it can bear ask for them."""
    return ONSET <= when < SCALED_DOWN or ONSET_AGAIN <= when < WELL


def pods(when: datetime) -> tuple[str, ...]:
    """The pods that get payments at an instant."""
    return PODS if is_broken(when) or when >= ROLLED_BACK else PODS[:4]


def per_minute(when: datetime) -> int:
    """How many people press "pay" in the minute from an instant on."""
    since = int((when - NEWSLETTER) / timedelta(minutes=1))
    if since < 0:
        return 4 + since % 3
    if when < ROLLED_BACK:
        return min(12, 7 + since) + since % 2
    return max(7, 12 - (since - 75) // 8)


def hexed(rng: Random, digits: int) -> str:
    """Digits that nobody has had yet."""
    return "".join("0123456789abcdef"[int(rng.random() * 16)] for _ in range(digits))


def pick(rng: Random, things: tuple[str, ...]) -> str:
    """One of some things."""
    return things[int(rng.random() * len(things))]


def address(rng: Random) -> str:
    """An address that belongs to nobody (RFC 5737)."""
    block = pick(rng, ("192.0.2", "198.51.100", "203.0.113"))
    return f"{block}.{1 + int(rng.random() * 250)}"


def millis(rng: Random, least: float, most: float) -> timedelta:
    """A stretch of time between two numbers of seconds, in whole milliseconds."""
    return timedelta(milliseconds=int(1000 * (least + (most - least) * rng.random())))


def afternoon() -> Day:
    """All attempts, how each went, and how the queue of paid orders grew and drained."""
    day = Day(Random(20260304))
    rng, order, minute = day.rng, 104_211, FIRST
    while minute < END:
        times = sorted([minute + millis(rng, 0, 60) for _ in range(per_minute(minute))])
        if minute == at("14:06:00"):
            times = sorted([*times[:-1], FIRST_FAILED])
        for time in times:
            order += 1
            cents = 1000 + int(rng.random() * 18_000)
            pod = PODS[4] if time == FIRST_FAILED else pick(rng, pods(time))
            who = Attempt(time, order, hexed(rng, 16), address(rng), int(rng.random() * 4), cents, pod, millis(rng, 0.35, 1.4))
            who.failed = pod in PODS[4:] and (time == FIRST_FAILED or is_broken(time))
            day.attempts.append(who)
        minute += timedelta(minutes=1)
    _charge(day)
    _store(day)
    return day


def _charge(day: Day) -> None:
    """Some of the failed attempts reached the card, the first only minutes later, when somebody complained about it."""
    failed = [attempt for attempt in day.failed if attempt.time > at("14:07:30")]
    step = len(failed) / CHARGED_WITHOUT_ORDER
    for number in range(CHARGED_WITHOUT_ORDER):
        failed[int(number * step)].charged = True


def _store(day: Day) -> None:
    """The worker stores one paid order after the other, 2.6 seconds each, while it can reach the database."""
    free, waiting = FIRST, [attempt for attempt in day.attempts if not attempt.failed]
    for attempt in waiting:
        start = max(free, attempt.answered + timedelta(milliseconds=300))
        while is_broken(start):
            start = (SCALED_DOWN if start < SCALED_DOWN else ROLLED_BACK) + timedelta(seconds=34, milliseconds=218)
        attempt.stored_at = start + timedelta(milliseconds=180)
        free = start + timedelta(milliseconds=2600)
    for attempt in waiting:
        if attempt.stored_at is not None and attempt.stored_at > ROLLED_BACK and waiting_at(day, attempt.stored_at) == 0:
            day.drained = attempt.stored_at
            break
    day.most_waiting = waiting_at(day, ROLLED_BACK)


def waiting_at(day: Day, when: datetime) -> int:
    """How many paid orders wait to be stored at an instant."""
    return sum(not attempt.failed and attempt.answered <= when and (attempt.stored_at or END) > when for attempt in day.attempts)
