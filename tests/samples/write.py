"""Writes the files of the sample evidence that are too long to write by hand: `python tests/samples/write.py` from the top of the project.

What it writes is committed, and a test sees that it still writes the same.
"""

from __future__ import annotations

import gzip
import io
import os
import sys
import tarfile
from typing import TYPE_CHECKING

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from samples import services, story
from samples.repository import write_repository
from samples.services import joined

if TYPE_CHECKING:
    from collections.abc import Mapping

TARGET = os.path.join(os.path.dirname(__file__), "..", "..", "src", "amends", "samples", "checkout")
COLLECTED = int(story.END.timestamp())
ROTATED = story.at("14:00:00")


def files() -> dict[str, bytes]:
    """Every file, by its path below the folder of the sample; archives are packed."""
    day = story.afternoon()
    asked = services.access(day)
    web = {
        "var/log/nginx/access.log": joined([line for line in asked if line[0] >= ROTATED]).encode(),
        "var/log/nginx/access.log.1.gz": packed(joined([line for line in asked if line[0] < ROTATED])),
        "var/log/nginx/error.log": joined(services.nginx_errors(day)).encode(),
        "var/log/syslog": joined(services.syslog()).encode(),
    }
    return {
        "logs/web-1.tar.gz": bundled(web),
        "logs/checkout-api.jsonl.gz": packed(joined(services.checkout_api(day))),
        "logs/payments.log.gz": packed(joined(services.payments(day))),
        "logs/card-gateway.log.gz": packed(joined(services.card_gateway(day))),
        "logs/cluster-events.jsonl": joined(services.cluster_events()).encode(),
        "logs/orders-worker.log": joined(services.orders_worker(day)).encode(),
        "logs/postgresql-2026-03-04.log.gz": packed(joined(services.postgresql())),
        "finance/checkouts-by-ten-minutes.csv": services.counts(day).encode(),
    }


def packed(text: str) -> bytes:
    """A text as gzip, dated when the evidence was collected."""
    return gzip.compress(text.encode(), 9, mtime=COLLECTED)


def bundled(contents: Mapping[str, bytes]) -> bytes:
    """Files as a compressed tar."""
    target = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, target, COLLECTED) as outer, tarfile.open(fileobj=outer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(data), COLLECTED, 0o640
            tar.addfile(entry, io.BytesIO(data))
    return target.getvalue()


def main() -> None:
    """Write all of them, and the repository."""
    for name, data in files().items():
        path = os.path.join(TARGET, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
    write_repository(os.path.join(TARGET, "payments.git"))


if __name__ == "__main__":
    main()
