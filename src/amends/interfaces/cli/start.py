"""`amends start`: the workbench and the HTTP API on this machine."""

from __future__ import annotations

import click

from amends.core.errors import NeedsExtraError, UsageError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8321, show_default=True, type=click.IntRange(0, 65535), help="The port to listen on; 0 takes a free one.")
@click.option("--open", "show", is_flag=True, help="Open the workbench in the browser.")
def start(host: str, port: int, show: bool) -> None:
    """Open the workbench and the HTTP API on this machine."""
    if host not in _LOOPBACK:
        raise UsageError(
            f"--host {host} would let others in, and this workbench has no accounts yet",
            hint="listen on 127.0.0.1, and reach it from elsewhere through ssh -L 8321:127.0.0.1:8321 HOST",
        )
    try:
        from amends.interfaces.web.serve import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("amends"):
            raise
        raise NeedsExtraError("the workbench", "server") from error
    serve(host, port, show=show)
