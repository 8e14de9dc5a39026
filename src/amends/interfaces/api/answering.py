"""How the API answers: what some work on the store gives, done in a thread, and what it refuses, named as the request calls it."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from amends.core.errors import InputError, NotFoundError, UnknownNameError
from amends.interfaces.api.ledger_bodies import KEY
from amends.interfaces.api.payload import encode
from amends.interfaces.api.problems import HEADERS, WrongFieldError, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one family of addresses.

    `lists` says where what there is can be looked up. `called` tells how requests call fields that the use cases call otherwise. What is
    refused about a field in `untold` stays as the use case told it: no body has such a field. A name of a kind in `placed` stands in the
    address, so that an unknown one is 404, as every other thing that is not there.
    """

    lists: str = ""
    called: Mapping[str, str] = field(default_factory=dict)
    untold: frozenset[str] = frozenset()
    placed: frozenset[str] = frozenset()

    async def of(self, work: Callable[[], dict[str, Any]], status: int = 200, *, prefix: str = "$.") -> Response:
        """What some work gives. Before the name of a field that it refuses stands `prefix`: nothing where the field is in the address."""
        try:
            return _written(await run_in_threadpool(self._named, work, prefix), status, {})
        except UnknownNameError as error:
            if error.what not in self.placed:
                raise
            return problem(error, HTTPStatus.NOT_FOUND)

    async def made(self, request: Request, kind: str, work: Callable[[], tuple[str, dict[str, Any]]]) -> Response:
        """What some work made, and its address: `kind` is the path before the id, which the work gives first."""
        name, told = await run_in_threadpool(self._named, work, "$.")
        return _written(told, 201, {"location": f"{request.scope.get('root_path', '')}/{kind}/{name}"})

    def _named(self, work: Callable[[], Made], prefix: str) -> Made:
        try:
            return work()
        except InputError as error:
            if error.field is None or error.field in self.untold:
                raise
            name = error.field if error.field == KEY else prefix + self.called.get(error.field, error.field)
            raise WrongFieldError(name, f"{name}: {error.message}", hint=error.hint) from error
        except NotFoundError as error:
            error.hint = error.hint or self.lists
            raise


def _written(value: dict[str, Any], status: int, headers: dict[str, str]) -> Response:
    return Response(encode(value), status, {**HEADERS, **headers}, "application/json")
