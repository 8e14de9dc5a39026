"""A store of objects on the loopback address that speaks S3, and keeps what it is asked; and a server of files that knows no ranges."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import Any


class Asked(NamedTuple):
    """One request: `range` is the first and the last byte that it asks for, None for all."""

    method: str
    path: str
    range: tuple[int, int] | None


class Store:
    """A running store; `asked` is what it was asked."""

    def __init__(self, url: str, asked: list[Asked]) -> None:
        self.url = url
        self.asked = asked

    @property
    def environment(self) -> dict[str, str]:
        """With which every program finds it."""
        keys = {"AWS_ACCESS_KEY_ID": "someone", "AWS_SECRET_ACCESS_KEY": "something", "AWS_DEFAULT_REGION": "us-east-1"}
        return keys | {"AWS_ENDPOINT_URL": self.url, "AWS_EC2_METADATA_DISABLED": "true"}

    def gets(self, name: str) -> list[tuple[int, int] | None]:
        """The ranges that were asked for of an object."""
        return [one.range for one in self.asked if one.method == "GET" and one.path.endswith(name)]


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # werkzeug calls it so
        pass


@contextmanager
def store() -> Iterator[Store]:
    """A store that is empty."""
    answer = DomainDispatcherApplication(create_backend_app)
    asked: list[Asked] = []

    def recording(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        first, dash, last = environ.get("HTTP_RANGE", "").removeprefix("bytes=").partition("-")
        asked.append(Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], (int(first), int(last)) if dash else None))
        return answer(environ, start)

    server = make_server("127.0.0.1", 0, recording, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Store(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def plain_server(folder: Path) -> Iterator[str]:
    """The address, without its scheme, of a server of files that sends every file whole, whatever it is asked."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def copyfile(self, *both: Any) -> None:
            try:
                super().copyfile(*both)
            except OSError:  # who asked has gone
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
