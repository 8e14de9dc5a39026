"""What a reader says of a sample, as lines of JSON that are kept beside it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from zoneinfo import ZoneInfo

from amends.timeline.entry import FLAGS, UNDATED, Event
from amends.timeline.readers import READERS, Source, slack

SAMPLES = Path(__file__).parent / "samples"
KEPT = ".expected.jsonl"


def samples() -> list[Path]:
    return sorted(path for path in SAMPLES.glob("*/*") if not path.name.endswith(KEPT))


def source_of(path: Path) -> Source:
    beside = [(one.name, one.read_bytes()) for one in (SAMPLES / "slack-names").glob("*.json") if not one.name.endswith(KEPT)]
    zone = ZoneInfo("Europe/Berlin") if path.parent.name in ("jsonlogs", "table") else None
    return Source(path.name, path.read_bytes(), zone, None, slack.names_of(beside))


def told(path: Path) -> str:
    reader = next(one for one in READERS if one.id == path.parent.name)
    return "".join(json.dumps(_row(one), ensure_ascii=False) + "\n" for one in reader.read(source_of(path)))


def _row(one: object) -> dict[str, object]:
    if not isinstance(one, Event):
        return {"problem": one.code, "message": one.message, "at": one.field}
    row = {key: value for key, value in asdict(one).items() if value is not None and key not in ("time", "flags")}
    flags = [name for bit, name in enumerate(FLAGS) if one.flags >> bit & 1]
    return {"time": None if one.time == UNDATED else one.time, **row, **({"flags": flags} if flags else {})}


def write() -> None:
    for path in samples():
        path.with_name(path.name + KEPT).write_text(told(path))


if __name__ == "__main__":
    write()
