"""`amends start`: the workbench and the HTTP API on this machine."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import click

from amends import wiring
from amends.core.errors import NeedsExtraError, UsageError

if TYPE_CHECKING:
    from types import FrameType

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8321, show_default=True, type=click.IntRange(0, 65535), help="The port to listen on; 0 takes a free one.")
@click.option("--open", "show", is_flag=True, help="Open the workbench in the browser.")
def start(host: str, port: int, show: bool) -> None:
    """Open the workbench and the HTTP API on this machine."""
    try:
        if host not in _LOOPBACK:
            require_accounts(host)
        serve(host, port, show)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("amends"):
            raise
        raise NeedsExtraError("the workbench", "server") from error


def require_accounts(host: str) -> None:
    """Raises UsageError where others could reach a workbench in which everybody may do everything."""
    usecases = wiring.open_usecases()
    try:
        if not usecases.people.are_here():
            raise UsageError(
                f"--host {host} would let others in, and this workbench has no accounts yet",
                hint="make the first one with: amends people add NAME --role owner",
            )
    finally:
        usecases.close()


def serve(host: str, port: int, show: bool) -> None:
    """Serves until it is stopped. The application is loaded by name: interfaces do not know each other.

    Raises UsageError when the port is taken, and what the application raises for an environment that it cannot read.
    """
    import logging

    import uvicorn

    listener = _listen(host, port)
    config = uvicorn.Config("amends.asgi:create", factory=True, log_level="warning", access_log=False, server_header=False)
    config.load()
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    click.echo(f"Amends is at {address} (Ctrl+C stops it)", err=True)
    if show:
        click.launch(address)

    class Server(uvicorn.Server):
        """Tells answers that last to end before it waits for all of them; says nothing of what a second interrupt breaks off."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            super().handle_exit(sig, frame)
            if self.force_exit:
                logging.getLogger("uvicorn.error").disabled = True

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            wiring.stopping.begun = True
            await super().shutdown(sockets)

    Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    # The protocol is named because asyncio turns Nagle's algorithm off only where it sees it; without, every answer waits 40 ms.
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # from here on a browser that is quicker than we are waits instead of being refused
    except OSError as error:
        listener.close()
        hint = "is it running already? --port 0 takes a free one"
        raise UsageError(f"cannot listen on {host} port {port}: {error.strerror}", hint=hint) from error
    return listener
