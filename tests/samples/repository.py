"""The git repository of the sample evidence: `git fast-import` makes it, with fixed people and times, and so the same ids each time.

It is kept as a repository without a work tree: plain files that git can hold in its turn. Its one branch stands as a file beside the
packed names, since a folder `refs` that is empty would be lost on the way.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from datetime import datetime
from typing import NamedTuple

YAML = "src/main/resources/application.yaml"
JAVA = "src/main/java/payments/"
SMALL = """spring:
  datasource:
    url: jdbc:postgresql://db-1:5432/shop
    hikari:
      maximum-pool-size: 10
      connection-timeout: 2000
      initialization-fail-timeout: -1
"""
LARGE = SMALL.replace("size: 10", "size: 40").replace("timeout: 2000", "timeout: 30000")
TOMASZ, PRIYA, INES, JONAS = "Tomasz Wójcik", "Priya Nair", "Inês Costa", "Jonas Brandt"
_MAIL = {TOMASZ: "tomasz", PRIYA: "priya", INES: "ines", JONAS: "jonas"}


class Commit(NamedTuple):
    """A change of one file, or a merge of a branch; `{pool}` in a message stands for the id of the change of the pool."""

    time: str
    author: str
    message: str
    path: str = ""
    text: str = ""
    branch: str = "main"
    tag: str = ""
    merges: str = ""


BEFORE = (
    Commit("2026-02-10T10:12:09+01:00", PRIYA, "Payments as a service of its own", YAML, SMALL),
    Commit("2026-02-12T15:40:51+01:00", PRIYA, "Retry calls to the card gateway once", f"{JAVA}Gateway.java", "class Gateway { }\n"),
    Commit("2026-02-16T09:31:22+01:00", INES, "Reconcile charges with orders", f"{JAVA}Reconcile.java", "class Reconcile { }\n"),
    Commit("2026-02-17T11:05:44+01:00", PRIYA, "Name the trace in every line", f"{JAVA}Charge.java", "class Charge { }\n", tag="v2.29.0"),
    Commit("2026-02-24T16:22:10+01:00", JONAS, "Refund in the currency of the charge (#477)", f"{JAVA}Refund.java", "class Refund { }\n"),
    Commit("2026-02-26T13:48:37+01:00", JONAS, "Update the database driver (#478)", "driver.txt", "42.7.5\n"),
    Commit("2026-02-27T10:59:03+01:00", JONAS, "Round refunds half up (#479)", f"{JAVA}Round.java", "class Round { }\n", tag="v2.30.0"),
    Commit(
        "2026-03-02T14:17:55+01:00",
        PRIYA,
        "Health check asks the pool, not the database (#480)",
        f"{JAVA}Health.java",
        "class Health { }\n",
    ),
    Commit(
        "2026-03-04T10:14:22+01:00",
        TOMASZ,
        "Size the payments pool for the spring sale\n\nmaximum-pool-size 10 → 40, connection-timeout 2 s → 30 s, so that the rush after "
        "the newsletter\nfinds a connection.",
        YAML,
        LARGE,
        branch="pool-size",
    ),
)
AFTER = (
    Commit("2026-03-04T14:46:05+01:00", JONAS, "Merge pull request #482 from pool-size", YAML, LARGE, tag="v2.31.0", merges="pool-size"),
    Commit(
        "2026-03-04T15:55:31+01:00",
        TOMASZ,
        'Revert "Size the payments pool for the spring sale"\n\nThis reverts commit {pool}.\n\n'
        "Six pods with 40 connections each want 240; the database allows 200.",
        YAML,
        SMALL,
        branch="revert-pool-size",
    ),
    Commit(
        "2026-03-04T16:07:32+01:00",
        PRIYA,
        "Merge pull request #483 from revert-pool-size",
        YAML,
        SMALL,
        tag="v2.31.1",
        merges="revert-pool-size",
    ),
    Commit(
        "2026-03-04T17:18:46+01:00",
        TOMASZ,
        "Refuse to start when all pools together exceed max_connections",
        f"{JAVA}PoolGuard.java",
        "class PoolGuard { }\n",
        branch="pool-guard",
    ),
)


def write_repository(target: str) -> None:
    """Write the repository, in place of what stands there."""
    with tempfile.TemporaryDirectory() as place:
        home = os.path.join(place, "payments.git")
        _git(place, "init", "--quiet", "--bare", "--initial-branch=main", home)
        _git(home, "fast-import", "--quiet", "--date-format=raw", given=_stream(BEFORE, {}))
        tips = {name: _git(home, "rev-parse", name).strip() for name in ("main", "pool-size")}
        _git(home, "fast-import", "--quiet", "--date-format=raw", given=_stream(AFTER, tips))
        _git(home, "-c", "pack.threads=1", "repack", "-adFq")
        _git(home, "pack-refs", "--all")
        main = _git(home, "rev-parse", "main")
        shutil.rmtree(target, ignore_errors=True)
        os.makedirs(os.path.join(target, "refs", "heads"))
        packs = os.path.join(target, "objects", "pack")
        os.makedirs(packs)
        for name in os.listdir(os.path.join(home, "objects", "pack")):
            if name.endswith((".pack", ".idx")):
                shutil.copyfile(os.path.join(home, "objects", "pack", name), os.path.join(packs, name))
        shutil.copyfile(os.path.join(home, "packed-refs"), os.path.join(target, "packed-refs"))
        _write(os.path.join(target, "refs", "heads", "main"), main)
        _write(os.path.join(target, "HEAD"), "ref: refs/heads/main\n")
        _write(os.path.join(target, "config"), "[core]\n\tbare = true\n\trepositoryformatversion = 0\n")


def _stream(commits: tuple[Commit, ...], tips: dict[str, str]) -> str:
    """What fast-import reads. `tips` tells where each branch stands, and goes on; a new one begins where main stands."""
    parts: list[str] = []
    pool = tips.get("pool-size", "")
    for mark, commit in enumerate(commits, 1):
        who = f"{commit.author} <{_MAIL[commit.author]}@tarnthistle.example> {int(datetime.fromisoformat(commit.time).timestamp())} +0100"
        message = commit.message.replace("{pool}", pool).encode()
        parts.append(
            f"commit refs/heads/{commit.branch}\nmark :{mark}\nauthor {who}\ncommitter {who}\ndata {len(message)}\n{message.decode()}\n"
        )
        if tips:
            parts.append(f"from {tips.get(commit.branch) or tips['main']}\n")
        if commit.merges:
            parts.append(f"merge {tips[commit.merges]}\n")
        tips[commit.branch] = f":{mark}"
        parts.append(f"M 100644 inline {commit.path}\ndata {len(commit.text.encode())}\n{commit.text}\n")
        if commit.tag:
            parts.append(f"reset refs/tags/{commit.tag}\nfrom :{mark}\n\n")
    return "".join(parts)


def _git(place: str, *words: str, given: str = "") -> str:
    quiet = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(["git", *words], cwd=place, env=quiet, input=given, stdout=subprocess.PIPE, text=True, check=True).stdout


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
