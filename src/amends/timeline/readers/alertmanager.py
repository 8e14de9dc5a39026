"""Alertmanager: webhooks as they were delivered, and lists of alerts from its API or that of Prometheus.

An alert that goes on has an end in the year 0001, or one in the future; an end counts only where the status says so. A webhook that left
alerts out says how many, which is told as a problem, since they are missing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has
from amends.timeline.readers.severity import level
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import joined, mapping, said, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source

_LABELS = ("service", "job", "instance", "namespace", "pod", "cluster")


def sniff(head: bytes, _: str) -> bool:
    """Whether a file holds alerts of Alertmanager or Prometheus."""
    return (
        has(head, "alerts", "groupKey")
        or has(head, "labels", "startsAt", paths=("alerts", "", "data"))
        or has(head, "labels", "activeAt", "state", paths=("data.alerts",))
    )


def read(source: Source) -> Iterator[Event | Problem]:
    """Each alert as it fired, and as it ended."""
    return Desk(source, "alert").run(_element, "data")


def _element(desk: Desk, one: Element) -> None:
    if "alerts" in one.value or "alerts" in mapping(one.get("data")):
        left_out = one.get("truncatedAlerts")
        if isinstance(left_out, int) and left_out > 0:
            desk.tell(
                "missing-alerts", f"{left_out} alerts were left out by the sender", one.piece.offset, "raise max_alerts of the webhook"
            )
        path = ("alerts",) if "alerts" in one.value else ("data", "alerts")
        for alert in desk.inner(one, *path):
            _alert(desk, alert)
    elif "labels" in one.value:
        _alert(desk, one)
    else:
        desk.tell("bad-field", "not an alert", one.piece.offset)


def _alert(desk: Desk, one: Element) -> None:
    value = one.value
    begun = value.get("startsAt", value.get("activeAt"))
    labels = mapping(value.get("labels"))
    key = word(value, "fingerprint") or ",".join(sorted(f"{name}={found}" for name, found in labels.items()))
    thread = f"{key}@{said(begun)}"
    text, place = _words(value, labels), word(value, "generatorURL")
    bad = level(labels.get("severity")) or level(labels.get("priority"))
    state = value.get("status") if isinstance(value.get("status"), str) else word(value, "status.state", "state")
    # A webhook repeats what goes on; the same alert is said once, and its end once.
    if not desk.is_repeated(f"{thread} firing"):
        desk.say(one, begun, f"firing: {text}", level=bad or "warning", thread=thread, reference=place)
    if state == "resolved" and not desk.is_repeated(f"{thread} resolved"):
        desk.say(one, value.get("endsAt"), f"resolved: {text}", level="info", thread=thread, reference=place)


def _words(value: dict[str, Any], labels: dict[str, Any]) -> str:
    marks = ", ".join(f"{name}={said(labels[name])}" for name in _LABELS if labels.get(name))
    name = said(labels.get("alertname"))
    told = word(value, "annotations.summary", "annotations.description", "annotations.message")
    return joined(joined(name, told, by=": "), f"({marks})" if marks else "")


READER = Reader("alertmanager", "alert", sniff, read)
