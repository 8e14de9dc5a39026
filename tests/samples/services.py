"""The afternoon as each service logs it: lines with the time they are in order of, in the format and zone of that service."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from random import Random
from typing import TYPE_CHECKING

from samples.story import (
    API_WAITS,
    CHARGED_WITHOUT_ORDER,
    DEPLOY,
    END,
    FIRST,
    FIRST_FAILED,
    FLAG_OFF,
    FLAG_UP,
    GATEWAY_AHEAD,
    ONSET,
    ONSET_AGAIN,
    PODS,
    POOL_WAITS,
    ROLLBACK,
    ROLLED_BACK,
    SCALED_DOWN,
    SCALED_UP,
    SCALED_UP_AGAIN,
    address,
    at,
    is_broken,
    millis,
    pick,
    waiting_at,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from samples.story import Attempt, Day

    Lines = list[tuple[datetime, str]]

BERLIN = timezone(timedelta(hours=1))
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Mobile Safari/537.36",
)
PAGES = ("/", "/tents", "/tents/ridge-2", "/stoves", "/sale/first-tents", "/basket", "/basket", "/boots/fell-runner", "/search?q=tarp")


def iso(time: datetime) -> str:
    """The time in UTC, to the millisecond."""
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03d}Z"


def here(time: datetime, layout: str, comma: str = ".") -> str:
    """The time on the clocks of Berlin, to the millisecond."""
    return f"{time.astimezone(BERLIN):{layout}}{comma}{time.microsecond // 1000:03d}"


def every(start: datetime, step: timedelta, end: datetime = END) -> Iterator[datetime]:
    """Instants from one to another."""
    while start < end:
        yield start
        start += step


def joined(lines: Lines) -> str:
    """The lines in the order of their time, those of one time as they came."""
    return "".join(f"{text}\n" for _, text in sorted(lines, key=lambda line: line[0]))


def access(day: Day) -> Lines:
    """nginx: what was asked for; `time_local` is when the answer was sent."""
    rng, lines = Random(1), []
    for who in day.attempts:
        status, size = (504, 164) if who.failed else (201, 312)
        lines.append(_asked(who.answered, who.ip, "POST /checkout/pay", status, size, AGENTS[who.agent], who.answered - who.time))
    for minute in every(FIRST, timedelta(minutes=1)):
        for _ in range(13 if minute < at("14:00:00") else 19):
            time, page = minute + millis(rng, 0, 60), pick(rng, PAGES)
            took = millis(rng, 0.01, 0.2)
            lines.append(_asked(time, address(rng), f"GET {page}", 200, 4000 + int(rng.random() * 9000), pick(rng, AGENTS), took))
        if int(rng.random() * 9) == 0:
            lines.append(
                _asked(minute + millis(rng, 0, 60), address(rng), "GET /wp-login.php", 404, 153, "curl/8.9.1", millis(rng, 0, 0.01))
            )
    return lines


def _asked(time: datetime, ip: str, what: str, status: int, size: int, agent: str, took: timedelta) -> tuple[datetime, str]:
    clock = time.astimezone(BERLIN).strftime("%d/%b/%Y:%H:%M:%S %z")
    return time, f'{ip} - - [{clock}] "{what} HTTP/2.0" {status} {size} "-" "{agent}" {took.total_seconds():.3f}'


def nginx_errors(day: Day) -> Lines:
    """nginx: what went wrong behind it; the clocks of Berlin, and no word of that."""
    lines: Lines = []
    for number, who in enumerate(day.failed):
        clock = who.answered.astimezone(BERLIN).strftime("%Y/%m/%d %H:%M:%S")
        place = f'client: {who.ip}, server: tarnthistle.example, request: "POST /checkout/pay HTTP/2.0"'
        up = f'upstream: "http://10.20.4.{17 + number % 3}:8000/checkout/pay", host: "tarnthistle.example"'
        what = "upstream timed out (110: Connection timed out) while reading response header from upstream"
        lines.append((who.answered, f"{clock} [error] 2211#2211: *{88_121 + 7 * number} {what}, {place}, {up}"))
    return lines


def syslog() -> Lines:
    """The machine that nginx runs on: no year, no zone."""
    rng = Random(2)

    def pid() -> int:
        return 4000 + int(rng.random() * 900)

    cron = "(root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)"
    told = [(time, f"CRON[{pid()}]: {cron}") for time in every(FIRST + timedelta(seconds=1), timedelta(minutes=5))]
    knocks = every(FIRST + timedelta(seconds=41), timedelta(minutes=17))
    told += [(time, f"sshd[{pid()}]: Connection closed by {address(rng)} port 40{pid() % 900:03d} [preauth]") for time in knocks]
    told += [
        (at("13:17:03"), "systemd[1]: Starting Daily apt download activities..."),
        (at("13:17:09"), "systemd[1]: Finished Daily apt download activities."),
        (at("14:35:22"), "sshd[5988]: Accepted publickey for priya from 10.20.0.14 port 51288 ssh2: ED25519 SHA256:3mJ0sQWl2v"),
        (at("14:35:22"), "systemd-logind[611]: New session 412 of user priya."),
        (at("14:41:58"), "systemd[1]: Reloading A high performance web server and a reverse proxy server..."),
        (at("14:41:58"), "nginx[7310]: configuration file /etc/nginx/nginx.conf test is successful"),
        (at("14:41:59"), "systemd[1]: Reloaded A high performance web server and a reverse proxy server."),
        (at("15:20:41"), "systemd-logind[611]: Session 412 logged out. Waiting for processes to exit."),
    ]
    return [(time, f"{_day_of_syslog(time)} web-1 {text}") for time, text in told]


def _day_of_syslog(time: datetime) -> str:
    clock = time.astimezone(BERLIN)
    return f"{clock:%b} {clock.day:2d} {clock:%H:%M:%S}"


def checkout_api(day: Day) -> Lines:
    """The service that customers talk to: JSON lines in UTC."""
    rng, lines = Random(3), []

    def say(time: datetime, level: str, message: str, **more: object) -> None:
        pod = pick(rng, ("c4x7p", "kd92m", "v8s1t"))
        words = {"timestamp": iso(time), "level": level, "service": "checkout-api", "pod": f"checkout-api-{pod}", "message": message}
        lines.append((time, json.dumps(words | more, separators=(",", ":"))))

    for number, who in enumerate(day.attempts):
        say(who.time, "info", "payment requested", order=who.order, cents=who.cents, trace=who.trace)
        if who.failed:
            more = {"exc_info": _TRACEBACK} if number % 8 == 0 or who is day.failed[0] else {}
            say(who.answered, "error", "payments did not answer within 10 s", order=who.order, trace=who.trace, status=504, **more)
        else:
            say(who.answered, "info", "order accepted", order=who.order, trace=who.trace)
    for time in every(FIRST + timedelta(seconds=7), timedelta(minutes=3, seconds=20)):
        say(time, "warning", "header X-Basket is deprecated, use Basket-Id", client="ios/5.8.1")
    for pod in ("c4x7p", "kd92m", "v8s1t"):
        say(FLAG_UP + millis(rng, 0.2, 0.9), "info", "feature flag express-checkout changed from 10 % to 50 %", replica=pod)
        say(FLAG_OFF + millis(rng, 0.2, 0.9), "info", "feature flag express-checkout changed from 50 % to 0 %", replica=pod)
    return lines


_TRACEBACK = """Traceback (most recent call last):
  File "/opt/checkout/api/pay.py", line 88, in pay
    answer = client.post("/v1/payments", json=body, timeout=10)
  File "/opt/checkout/lib/http/client.py", line 214, in post
    raise ReadTimeout(request)
http.client.ReadTimeout: POST http://payments:8080/v1/payments: no answer in 10.0 s"""


def payments(day: Day) -> Lines:
    """The service that was changed: Spring Boot, four to six pods, the clocks of Berlin with their offset."""
    lines: Lines = []
    for who in day.attempts:
        if who.failed:
            _failed(lines, who)
        else:
            text = f"charge {who.charge} of {who.cents} cents recorded for order {who.order}, trace {who.trace}"
            _say(lines, who.time + who.took * 0.8, who.pod, "ChargeService", text, thread=_thread(who))
    for number, pod in enumerate(PODS[:4]):
        _starts(lines, DEPLOY + timedelta(seconds=4 + 17 * number), pod, "v2.31.0", 40, 30_000)
    for pod in PODS[4:]:
        _starts(lines, SCALED_UP + timedelta(seconds=2.5), pod, "v2.31.0", 40, 30_000, is_new=True)
        _stops(lines, SCALED_DOWN + timedelta(seconds=1.2), pod)
        _starts(lines, SCALED_UP_AGAIN + timedelta(seconds=2.5), pod, "v2.31.0", 40, 30_000, is_new=True)
    for number, pod in enumerate(PODS):
        _starts(lines, ROLLBACK + timedelta(seconds=3 + 12 * number), pod, "v2.31.1", 10, 2_000)
    found = f"{CHARGED_WITHOUT_ORDER} charges without an order since 2026-03-04T15:06+01:00, the cards of 9 of them were charged twice"
    _say(lines, at("16:04:30.118"), PODS[0], "Reconcile", found)
    return lines


def _failed(lines: Lines, who: Attempt) -> None:
    """A payment on a pod without connections: customers who are known are charged before the database is asked."""
    if who.order % 3 == 0 or who.time == FIRST_FAILED:
        text = "HikariPool-1 - Cannot acquire connection from data source" + _REFUSED
        _say(lines, who.time + timedelta(milliseconds=35), who.pod, "HikariPool", text, "WARN", "HikariPool-1:connection-adder")
    what = f"charge {who.charge} was made but could not be recorded for" if who.charged else "no connection for"
    text = f"{what} order {who.order}, trace {who.trace}{_TIMED_OUT}"
    _say(lines, who.time + POOL_WAITS + timedelta(milliseconds=8), who.pod, "ChargeService", text, "ERROR", _thread(who))


def _thread(who: Attempt) -> str:
    return f"nio-8080-exec-{1 + who.order % 40}"


def _say(lines: Lines, time: datetime, pod: str, logger: str, text: str, level: str = "INFO", thread: str = "main") -> None:
    clock = here(time, "%Y-%m-%dT%H:%M:%S")
    lines.append((time, f"{clock}+01:00 {level:>5} 1 --- [payments-{pod}] [{thread[-30:]:>15}] e.t.payments.{logger:<14}: {text}"))


def _stops(lines: Lines, time: datetime, pod: str) -> None:
    _say(lines, time, pod, "Application", "Commencing graceful shutdown. Waiting for active requests to complete")


def _starts(lines: Lines, time: datetime, pod: str, version: str, pool: int, waits: int, *, is_new: bool = False) -> None:
    """A pod comes up, in place of an older one where it is not new."""
    if not is_new:
        _stops(lines, time, pod)
    pools = f"maximumPoolSize={pool}, minimumIdle={pool}, connectionTimeout={waits}, initializationFailTimeout=-1"
    _say(lines, time + timedelta(seconds=3.204), pod, "Application", f"Starting PaymentsApplication {version} using Java 21.0.6 with PID 1")
    _say(lines, time + timedelta(seconds=5.871), pod, "HikariConfig", f"HikariPool-1 - {pools}")
    _say(lines, time + timedelta(seconds=7.332), pod, "Application", "Started PaymentsApplication in 4.1 seconds")


_REFUSED = """

org.postgresql.util.PSQLException: FATAL: sorry, too many clients already
\tat org.postgresql.core.v3.ConnectionFactoryImpl.doAuthentication(ConnectionFactoryImpl.java:698)
\tat com.zaxxer.hikari.pool.PoolBase.newConnection(PoolBase.java:364)"""
_TIMED_OUT = """

java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms
\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:696)
\tat example.tarnthistle.payments.ChargeService.record(ChargeService.java:131)
Caused by: org.postgresql.util.PSQLException: FATAL: sorry, too many clients already
\t... 41 common frames omitted"""


def card_gateway(day: Day) -> Lines:
    """The way to the card networks: logfmt in UTC, by a clock that runs 40 seconds ahead."""
    rng, lines = Random(4), []

    def say(time: datetime, level: str, message: str, rest: str) -> None:
        lines.append((time, f'time={iso(time + GATEWAY_AHEAD + millis(rng, -0.2, 0.2))} level={level} msg="{message}" {rest}'))

    for who in day.attempts:
        if who.failed and not who.charged:
            continue
        took = int(who.took / timedelta(milliseconds=2))
        say(who.time + who.took / 2, "info", "charge authorised", f"charge={who.charge} trace={who.trace} took_ms={took}")
        if who.charged:
            say(who.time + API_WAITS, "warning", "charge was not confirmed by its caller", f"charge={who.charge} trace={who.trace}")
    for time in every(FIRST + timedelta(seconds=30), timedelta(minutes=2)):
        say(time, "info", "acquirers healthy", f"acquirers=3 open_conns={5 + int(rng.random() * 6)}")
    return lines


def orders_worker(day: Day) -> Lines:
    """What stores paid orders: Python, the clocks of Berlin, and no word of that. One line lets a password slip."""
    lines: Lines = []

    def say(time: datetime, level: str, text: str) -> None:
        lines.append((time, f"{here(time, '%Y-%m-%d %H:%M:%S', ',')} - orders.worker - {level} - {text}"))

    for who in day.attempts:
        if who.stored_at is not None and who.stored_at < END:
            say(who.stored_at, "INFO", f"order {who.order} stored")
    step = timedelta(seconds=45)
    trouble = [
        *every(ONSET + timedelta(seconds=20.706), step, SCALED_DOWN),
        *every(ONSET_AGAIN + timedelta(seconds=11.4), step, ROLLED_BACK),
    ]
    for number, time in enumerate(trouble):
        say(time, "ERROR", f"cannot reach the database, next try in 45 s{_NO_DATABASE if number == 0 else ''}")
    for time in every(FIRST + timedelta(seconds=30), timedelta(minutes=1)):
        waiting = waiting_at(day, time)
        if waiting > 12:
            say(time, "WARNING", f"queue orders.paid: {waiting} waiting")
    assert day.drained is not None
    say(day.drained, "INFO", f"queue orders.paid is empty again, at most {day.most_waiting} orders waited")
    return lines


_NO_DATABASE = """
Traceback (most recent call last):
  File "/opt/orders/worker.py", line 57, in connect
    return psycopg.connect(settings.dsn, connect_timeout=5)
psycopg.OperationalError: postgresql://orders:EXAMPLE-not-a-real-password@db-1:5432/shop: FATAL:  sorry, too many clients already"""


def postgresql() -> Lines:
    """The database: the clocks of Berlin, which it names."""
    rng, lines = Random(5), []

    def say(time: datetime, who: str, level: str, text: str) -> None:
        lines.append((time, f"{here(time, '%Y-%m-%d %H:%M:%S')} CET [{3000 + int(rng.random() * 6000)}] {who} {level}:  {text}"))

    for time in every(FIRST + timedelta(seconds=12.4), timedelta(minutes=5)):
        say(time, "@", "LOG", "checkpoint starting: time")
        say(time + timedelta(seconds=26.9), "@", "LOG", f"checkpoint complete: wrote {200 + int(rng.random() * 900)} buffers (1.2%)")
    for time in every(FIRST + timedelta(minutes=3, seconds=17), timedelta(minutes=11)):
        say(
            time,
            "reporting@shop",
            "LOG",
            f"duration: {1200 + int(rng.random() * 2000)}.{int(rng.random() * 900):03d} ms  execute <unnamed>:",
        )
        lines[-1] = (time, lines[-1][1] + "\n\tSELECT day, sum(cents)\n\tFROM orders\n\tGROUP BY day")
    say(ONSET, "payments@shop", "FATAL", "sorry, too many clients already")
    for time in every(ONSET + timedelta(seconds=1), timedelta(seconds=5), ROLLED_BACK - timedelta(seconds=6)):
        when = time + millis(rng, 0, 4.5)
        if is_broken(when):
            say(
                when,
                pick(rng, ("payments@shop", "payments@shop", "payments@shop", "orders@shop")),
                "FATAL",
                "sorry, too many clients already",
            )
    return lines


def counts(day: Day) -> str:
    """What the people of finance counted: ten minutes a row, in UTC."""
    rows = ["time (UTC),attempts,failed,orders waiting"]
    for start in every(at("13:30:00"), timedelta(minutes=10), at("16:30:00")):
        end = start + timedelta(minutes=10)
        tried = [who for who in day.attempts if start <= who.time < end]
        rows.append(f"{start:%Y-%m-%d %H:%M},{len(tried)},{sum(who.failed for who in tried)},{waiting_at(day, end)}")
    return "\n".join(rows) + "\n"


def cluster_events() -> Lines:
    """What the cluster did with the pods: JSON lines in UTC."""
    sizes, scaler, old, new = "deployment/payments", "horizontalpodautoscaler/payments", "payments-7c5d9", "payments-5f48b"
    moment = timedelta(milliseconds=312)
    told = [
        (DEPLOY, "ScalingReplicaSet", sizes, f"Scaled up replica set {old} to 1 from 0"),
        (at("13:52:31"), "DeploymentComplete", sizes, "4 of 4 pods run v2.31.0"),
        (SCALED_UP - moment, "SuccessfulRescale", scaler, "New size: 6; reason: cpu resource utilization above target"),
        (SCALED_UP, "ScalingReplicaSet", sizes, f"Scaled up replica set {old} to 6 from 4"),
        (SCALED_DOWN, "ScalingReplicaSet", sizes, f"Scaled down replica set {old} to 4 from 6"),
        (SCALED_UP_AGAIN - moment, "SuccessfulRescale", scaler, "New size: 6; reason: cpu resource utilization above target"),
        (SCALED_UP_AGAIN, "ScalingReplicaSet", sizes, f"Scaled up replica set {old} to 6 from 4"),
        (ROLLBACK, "ScalingReplicaSet", sizes, f"Scaled up replica set {new} to 1 from 0"),
        (ROLLED_BACK, "DeploymentComplete", sizes, "6 of 6 pods run v2.31.1"),
        (at("16:10:41"), "SuccessfulRescale", scaler, "New size: 4; reason: All metrics below target"),
    ]
    names = ("time", "reason", "object", "message")
    return [(one[0], json.dumps(dict(zip(names, (iso(one[0]), *one[1:]), strict=True)), separators=(",", ":"))) for one in told]
