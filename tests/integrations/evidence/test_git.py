from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from amends.integrations.evidence import git
from amends.integrations.evidence.sources import Limits, find, reopen
from amends.timeline.entry import Event
from amends.timeline.readers import reader_of
from amends.timeline.readers.source import Source
from integrations.evidence.making import codes, content, gather, lay, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from amends.core.problem import Problem

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

WHO = {
    "GIT_AUTHOR_NAME": "Ada Byron",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ci",
    "GIT_COMMITTER_EMAIL": "ci@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def run(folder: Path, *words: str, at: str = "2026-03-04T10:00:00+01:00") -> str:
    """Run git as somebody at some time."""
    env = {**os.environ, **WHO, "GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    return subprocess.run(["git", *words], cwd=folder, env=env, check=True, capture_output=True, text=True).stdout.strip()


def repository(folder: Path, *options: str) -> Path:
    """A repository with a change, its revert, a branch that was not merged, and a tag."""
    folder.mkdir(parents=True)
    run(folder, "init", "-q", "-b", "main", *options)
    lay(folder, {"pool.toml": b"size = 20\n", "README": b"read\n"})
    run(folder, "add", ".")
    run(folder, "commit", "-qm", "First", at="2026-03-01T09:00:00+01:00")
    (folder / "pool.toml").write_text("size = 5\n")
    run(folder, "commit", "-qam", "Smaller pool\n\nSaves memory.", at="2026-03-04T10:30:00+01:00")
    run(folder, "tag", "-a", "v2", "-m", "two")
    run(folder, "revert", "--no-edit", "HEAD", at="2026-03-04T11:05:00-05:00")
    run(folder, "checkout", "-qb", "aside", "HEAD~1")
    run(folder, "commit", "-qm", "Aside", "--allow-empty", at="2026-03-04T12:00:00Z")
    run(folder, "checkout", "-q", "main")
    return folder


def messages(data: bytes) -> list[str]:
    """What the reader of such histories makes of one."""
    reader = reader_of(data[:4096], "shop.git")
    assert reader is not None
    assert reader.id == "git"
    events = list(reader.read(Source("shop.git", data)))
    assert all(isinstance(event, Event) for event in events)
    return [event.text.split("\n")[0] for event in events]


def test_a_work_tree_is_its_history(tmp_path: Path) -> None:
    repository(tmp_path / "ev" / "shop")
    lay(tmp_path, {"ev/shop/logs/app.log": b"log\n", "ev/shop/src/main.py": b"print()\n", "ev/other.txt": b"o\n"})

    found, problems = gather(tmp_path / "ev")

    assert list(found) == ["other.txt", "shop.git", "shop/logs/app.log"]
    assert len(messages(found["shop.git"])) == 4
    assert [(problem.code, problem.path) for problem in problems] == [("work-tree-files", "shop")]
    assert problems[0].message.startswith("3 files")
    for part in (b"Ada Byron", b"2026-03-04T11:05:00-05:00", b"Saves memory.", b"tag: v2", b"aside", b"1\t1\tpool.toml"):
        assert part in found["shop.git"]
    assert content(reopen("shop.git", str(tmp_path / "ev"))) == found["shop.git"]


def test_a_repository_may_be_the_operand_itself(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop")

    found, _ = gather(shop)
    several, _ = gather(shop, tmp_path / "shop" / "README")

    assert list(found) == ["shop.git"]
    assert list(several) == ["shop.git", "README"]


def test_a_repository_that_was_renamed_is_found_again(tmp_path: Path) -> None:
    before = gather(repository(tmp_path / "shop"))[0]["shop.git"]
    (tmp_path / "shop").rename(tmp_path / "store")

    assert content(reopen("shop.git", str(tmp_path / "store"))) == before


def test_a_bare_repository_gives_the_same_bytes(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop")
    run(tmp_path, "clone", "-q", "--bare", "shop", "bare/shop.git")
    run(tmp_path / "bare" / "shop.git", "gc", "-q")

    bare, problems = gather(tmp_path / "bare")

    assert bare == gather(shop)[0]
    assert problems == []


def test_objects_with_long_ids_are_read(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", "--object-format=sha256")

    assert len(messages(gather(shop)[0]["shop.git"])) == 4


def test_a_linked_work_tree_is_read_when_its_repository_knows_it(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop")
    run(shop, "worktree", "add", "-q", str(tmp_path / "side"), "aside")

    found, problems = gather(tmp_path / "side")
    both, told = gather(tmp_path)

    assert sorted(both) == ["shop.git"]
    assert ("duplicate", "side.git") in [(problem.code, problem.path) for problem in told]
    assert len(messages(found["side.git"])) == 4
    assert codes(problems) == ["work-tree-files"]


def trap(folder: Path, mark: Path) -> None:
    """Make a repository run a command wherever its configuration, attributes or hooks can make git run one."""
    program = folder / ".git" / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch {mark}\nexit 0\n")
    program.chmod(0o755)
    settings = {
        "core.fsmonitor": program,
        "core.pager": program,
        "pager.log": program,
        "core.editor": program,
        "core.sshCommand": program,
        "core.alternateRefsCommand": program,
        "core.askPass": program,
        "core.hooksPath": folder / ".git" / "traps",
        "alias.log": f"!{program}",
        "gpg.program": program,
        "log.showSignature": "true",
        "diff.external": program,
        "diff.evil.textconv": program,
        "diff.evil.command": program,
        "filter.evil.clean": program,
        "filter.evil.smudge": program,
        "credential.helper": program,
        "include.path": folder / ".git" / "more",
        "remote.origin.url": f"ext::{program} %S",
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": program,
        "protocol.ext.allow": "always",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "uploadpack.packObjectsHook": program,
        "core.worktree": "/",
    }
    for name, value in settings.items():
        run(folder, "config", name, str(value))
    (folder / ".git" / "more").write_text(f"[core]\n\tpager = {program}\n[log]\n\tshowSignature = true\n")
    for place in (folder / ".git" / "hooks", folder / ".git" / "traps"):
        place.mkdir(exist_ok=True)
        for hook in ("post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc", "fsmonitor-watchman"):
            shutil.copy(program, place / hook)
    lay(folder, {".gitattributes": b"* diff=evil filter=evil\n", ".git/info/attributes": b"* diff=evil filter=evil\n"})
    lay(folder, {".git/info/grafts": b"", ".git/info/exclude": b""})


def test_a_hostile_repository_runs_nothing(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop")
    honest = gather(shop)[0]
    mark = tmp_path / "it-ran"
    signed = run(shop, "cat-file", "commit", "HEAD").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n\n", 1
    )
    (tmp_path / "signed").write_text(signed + "\n")
    forged = run(shop, "hash-object", "-t", "commit", "-w", str(tmp_path / "signed"))
    run(shop, "update-ref", "refs/heads/forged", forged)
    trap(shop, mark)
    subprocess.run(
        ["git", "-c", "core.worktree=" + str(shop), "log", "--all"], cwd=shop, env={**os.environ, **WHO}, check=False, capture_output=True
    )
    assert mark.exists(), "the trap must catch a git that is not protected"
    mark.unlink()

    found, problems = gather(tmp_path)

    assert not mark.exists()
    assert len(messages(found["shop.git"])) == 5
    assert honest["shop.git"].splitlines()[0] in found["shop.git"].splitlines()
    assert {problem.code for problem in problems} <= {"work-tree-files", "git-partial", "hidden"}


def test_missing_objects_are_not_fetched(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop")
    mark = tmp_path / "it-ran"
    trap(shop, mark)
    blob = run(shop, "--no-pager", "-c", "core.fsmonitor=false", "rev-parse", "HEAD:pool.toml")
    mark.unlink(missing_ok=True)
    (shop / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

    _, problems = gather(shop)

    assert not mark.exists()
    assert "git-broken-off" in codes(problems)


def test_settings_of_the_reader_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = repository(tmp_path / "shop")
    plain = gather(shop)
    mark = tmp_path / "it-ran"
    (tmp_path / "evil").write_text(f"#!/bin/sh\ntouch {mark}\n")
    (tmp_path / "evil").chmod(0o755)
    (tmp_path / "gitconfig").write_text(
        f"[log]\n\tdate = relative\n[core]\n\tpager = {tmp_path / 'evil'}\n[i18n]\n\tlogOutputEncoding = latin1\n"
    )
    for name, value in {
        "GIT_DIR": "/nowhere",
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "GIT_PAGER": str(tmp_path / "evil"),
        "GIT_EXTERNAL_DIFF": str(tmp_path / "evil"),
        "GIT_TRACE": str(tmp_path / "trace"),
        "GIT_INDEX_FILE": "/nowhere",
        "GIT_SSH_COMMAND": str(tmp_path / "evil"),
        "TZ": "Asia/Tokyo",
        "LC_ALL": "de_DE.UTF-8",
    }.items():
        monkeypatch.setenv(name, value)

    assert gather(shop) == plain
    assert not mark.exists()
    assert not (tmp_path / "trace").exists()


def test_a_git_file_that_points_elsewhere_is_told_and_not_followed(tmp_path: Path) -> None:
    repository(tmp_path / "private")
    lay(tmp_path / "ev", {"x/.git": f"gitdir: {tmp_path / 'private' / '.git'}\n".encode(), "x/app.log": b"a\n", "y/.git": b"nonsense"})

    found, problems = gather(tmp_path / "ev")

    assert found == {"x/app.log": b"a\n"}
    assert [(problem.code, problem.path) for problem in problems] == [("link-outside", "x.git"), ("git-damaged", "y.git")]


@pytest.mark.parametrize("part", ["objects", "refs", "HEAD", "objects/pack"])
def test_a_repository_with_a_part_elsewhere_is_told_and_not_read(tmp_path: Path, part: str) -> None:
    private = repository(tmp_path / "private")
    shutil.copytree(private, tmp_path / "ev" / "shop")
    place = tmp_path / "ev" / "shop" / ".git" / part
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    place.symlink_to(private / ".git" / part)

    found, problems = gather(tmp_path / "ev")

    assert "shop.git" not in found
    assert "link-outside" in codes(problems)


def test_borrowed_objects_are_told_and_not_read(tmp_path: Path) -> None:
    repository(tmp_path / "private")
    (tmp_path / "ev").mkdir()
    run(tmp_path, "clone", "-q", "--shared", "--bare", "private", "ev/shop.git")

    found, problems = gather(tmp_path / "ev")
    both, fine = gather(tmp_path)

    assert found == {}
    assert codes(problems) == ["git-borrowed"]
    assert "ev/shop.git" in both
    assert "git-borrowed" not in codes(fine)


def test_a_shared_folder_that_leads_elsewhere_is_told(tmp_path: Path) -> None:
    private = repository(tmp_path / "private")
    shop = repository(tmp_path / "ev" / "shop")
    (shop / ".git" / "commondir").write_text(str(private / ".git"))

    found, problems = gather(tmp_path / "ev")

    assert found == {}
    assert "link-outside" in codes(problems)


def test_a_repository_without_a_commit_is_told(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    run(tmp_path / "new", "init", "-q")

    found, problems = gather(tmp_path / "new")

    assert found == {}
    assert codes(problems) == ["git-empty"]


def test_a_shallow_clone_says_that_it_is_one(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop")
    run(tmp_path, "clone", "-q", "--depth", "1", f"file://{shop}", "cut/shop")

    found, problems = gather(tmp_path / "cut")

    assert len(messages(found["shop.git"])) == 1
    assert "git-shallow" in codes(problems)


def test_damaged_objects_give_what_is_whole_and_tell(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop")
    first = run(shop, "rev-parse", "main~2")
    place = shop / ".git" / "objects" / first[:2] / first[2:]
    place.chmod(0o644)
    place.write_bytes(b"junk")

    found, problems = gather(shop)

    assert "git-broken-off" in codes(problems)
    assert found["shop.git"]
    assert str(tmp_path) not in "".join(problem.message for problem in problems if "amends-git" in problem.message)


def test_names_of_commits_that_are_none_are_left_out(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop")
    honest = gather(shop)[0]
    lay(
        shop,
        {
            ".git/refs/heads/--output=evil": b"0" * 40,
            ".git/refs/heads/junk": b"ref: ../../../etc/passwd",
            ".git/refs/heads/gone": b"1" * 40,
        },
    )
    with (shop / ".git" / "packed-refs").open("a") as packed:
        packed.write("# pack-refs with: peeled\nnonsense\n" + "2" * 40 + " refs/heads/../../x\n")

    assert gather(shop)[0] == honest


def test_git_is_stopped_in_time_and_in_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = repository(tmp_path / "shop")

    found, problems = gather(shop, limits=Limits(git_bytes=100))
    slow = tmp_path / "slow" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\necho begun\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(git, "git_program", lambda: str(slow))
    started = time.perf_counter()
    late, told = gather(shop, limits=Limits(git_seconds=0.5))

    assert len(found["shop.git"]) == 100
    assert "git-broken-off" in codes(problems)
    assert time.perf_counter() - started < 10
    assert late == {"shop.git": b"begun\n"}
    assert "git-broken-off" in codes(told)


def test_without_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = repository(tmp_path / "shop")
    monkeypatch.setattr(git, "git_program", lambda: None)

    found, problems = gather(shop)

    assert found == {}
    assert "git-missing" in codes(problems)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = repository(tmp_path / "shop")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    before = sorted(path.relative_to(shop) for path in shop.rglob("*"))
    problems: list[Problem] = []

    (member,) = find([str(shop)], problems.append)
    with member.open() as stream:
        stream.read(10)
    content(member)
    lay(tmp_path, {"big.zip": zipped({"in.zip": zipped({"a.log": os.urandom(6 << 20)})})})
    gather(tmp_path / "big.zip")

    assert os.listdir(tmp_path / "temporary") == []
    assert sorted(path.relative_to(shop) for path in shop.rglob("*")) == before
