"""The databases that tests run on: SQLite always, PostgreSQL where it is there.

`AMENDS_TEST_POSTGRES_URL` names a server where databases may be created; without it a private one is started from the programs of
this machine, on a free port of the loopback address, and removed at the end. The reason why tests could not run is written to the file
that `AMENDS_NOT_RUN` names, so that nobody takes a skipped test for a passed one; with `CI=true` they fail.
"""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.store.engine import Store

PROGRAMS = Path("/usr/lib/postgresql")
TEMPLATE = "amends_template"
NO_SERVER = "tests on PostgreSQL: it is not installed (no initdb was found), and AMENDS_TEST_POSTGRES_URL names no server"
_numbers = count(1)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end. Looking through it for garbage again and again took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure() -> None:
    """At the end of the process everything is garbage; libraries complain of what is left then."""
    gc.unfreeze()


def not_run(reason: str) -> NoReturn:
    """Report that a test cannot run here; where everything must run, that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"not run: {reason}", pytrace=False)
    if listing := os.environ.get("AMENDS_NOT_RUN"):
        with Path(listing).open("a", encoding="utf-8") as file:
            file.write(f"{reason}\n")
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """Each store of a test compiled the same statements anew, which took a quarter of the time of those that tell a story."""
    from amends.store import engine

    make, kept = engine.create_engine, _Compiled()

    def create_engine(*words: Any, **options: Any) -> Any:
        made = make(*words, **options)
        made._compiled_cache = kept
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "create_engine", create_engine)
        yield


class _Compiled(dict[Any, Any]):
    """Compiled statements of all engines of the process: what a dialect makes of a statement, each other one of its class makes too."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


@pytest.fixture(scope="session")
def cannot_run() -> Callable[[str], NoReturn]:
    """`not_run`, for the fixtures of other folders."""
    return not_run


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server, ending in the name of an existing database."""
    if given := os.environ.get("AMENDS_TEST_POSTGRES_URL"):
        yield given
        return
    programs = _programs()
    if programs is None:
        yield ""
        return
    with _private_server(programs) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated, empty database, from which each test gets its copy in a twentieth of a second."""
    if not postgres_server:
        yield ""
        return
    from amends.store.engine import open_store
    from amends.store.migrate import migrate

    name = f"{TEMPLATE}_{os.getpid()}"
    with _database(postgres_server, name) as url:
        store = open_store(url)
        migrate(store)
        store.close()
        yield name


@pytest.fixture
def empty_postgres(postgres_server: str) -> Iterator[str]:
    """The URL of a database of PostgreSQL with nothing in it."""
    if not postgres_server:
        not_run(NO_SERVER)
    with _database(postgres_server, f"amends_test_{os.getpid()}_{next(_numbers)}") as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def lasting_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a migrated database that the tests of a file share, on each of both kinds: for what none of them may change."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("lasting") / "amends.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server: str = request.getfixturevalue("postgres_server")
    if not server:
        not_run(NO_SERVER)
    with _database(server, f"amends_test_{os.getpid()}_{next(_numbers)}", request.getfixturevalue("postgres_template")) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, on each of both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'amends.sqlite3'}"
    url: str = request.getfixturevalue("empty_postgres")
    return url


@pytest.fixture(scope="session")
def spare_postgres(postgres_server: str, postgres_template: str) -> Iterator[Spare]:
    """The migrated database that one test after the other has for itself."""
    spare = Spare(postgres_server, postgres_template)
    yield spare
    spare.drop()


@pytest.fixture
def migrated_postgres(postgres_server: str, spare_postgres: Spare) -> str:
    """The URL of a migrated database of PostgreSQL without any rows."""
    if not postgres_server:
        not_run(NO_SERVER)
    return spare_postgres.take()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, of which each test gets a copy: migrating takes a hundred times as long."""
    from amends.store.engine import file_url, open_store
    from amends.store.migrate import migrate

    file = tmp_path_factory.mktemp("template") / "amends.sqlite3"
    store = open_store(file_url(str(file)))
    migrate(store)
    store.close()
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a migrated database without any rows, on each of both kinds."""
    if request.param == "postgresql":
        given: str = request.getfixturevalue("migrated_postgres")
        return given
    file = tmp_path / "amends.sqlite3"
    shutil.copy(request.getfixturevalue("sqlite_template"), file)
    return f"sqlite:///{file}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open, migrated store without any rows, on each of both kinds."""
    from amends.store.engine import open_store

    opened = open_store(store_url)
    yield opened
    opened.close()


class Spare:
    """A copy of the template that is emptied for the next test, since that takes a twentieth of the time of a new copy.

    Where a test changed more than rows (a table, a trigger), or the rows cannot be taken out, the next one gets a new copy.
    """

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._held = ExitStack()
        self._url = ""
        self._shape: object = None

    def take(self) -> str:
        """The URL of a migrated database that nobody uses and that has no rows."""
        if not self._url or not self._emptied():
            self.drop()
            name = f"amends_test_{os.getpid()}_{next(_numbers)}"
            self._url = self._held.enter_context(_database(self._server, name, self._template))
            with _connected(self._url) as connection:
                self._shape = connection.execute(_SHAPE).fetchone()
        return self._url

    def drop(self) -> None:
        """Let go of it."""
        self._held.close()
        self._url = ""

    def _emptied(self) -> bool:
        import psycopg

        try:
            with _connected(self._url) as connection:
                connection.execute(_OTHERS_GONE)
                if connection.execute(_SHAPE).fetchone() != self._shape:
                    return False
                connection.execute("SET session_replication_role = replica")  # append-only tables are guarded, and rows refer to rows
                tables = [name for (name,) in connection.execute(_TABLES)]
                connection.execute("; ".join(f"DELETE FROM {name}" for name in tables).encode())
                connection.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
        except psycopg.Error:
            return False
        return True


_OTHERS_GONE = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
_TABLES = """SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"""
# Whatever is added to a catalogue or altered has a newer transaction than all before, and what is removed changes the number.
_SHAPE = "SELECT " + ", ".join(
    f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {catalogue})"
    for catalogue in ("pg_class", "pg_attribute", "pg_constraint", "pg_index", "pg_namespace", "pg_proc", "pg_trigger", "pg_type")
)


def _connected(url: str) -> Any:
    import psycopg

    return psycopg.connect(url, autocommit=True)


def _programs() -> Path | None:
    """The folder of the newest PostgreSQL server that this user can start."""
    if _is_root() and not shutil.which("runuser"):
        return None
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(PROGRAMS.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@contextmanager
def _private_server(programs: Path) -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="amends-postgres-")
    # PostgreSQL refuses to run as root; its package brings a user for it.
    before = ["runuser", "-u", "postgres", "--"] if _is_root() else []
    if before:
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        command = [*before, str(programs / program), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    data, port = f"{folder}/data", _free_port()
    # Nothing here must survive a power cut, so nothing waits for the disk.
    settings = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200"
    try:
        run("initdb", "-D", data, "-A", "trust", "-U", "amends", "-E", "UTF8", "--no-locale", "--no-sync")
        run("pg_ctl", "-D", data, "-o", settings, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql://amends@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _database(server: str, name: str, template: str = "template0") -> Iterator[str]:
    """A new database on a server, dropped at the end whoever still uses it."""
    with _connected(server) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with _connected(server) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
