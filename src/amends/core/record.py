"""The one way to write a record: frozen, slotted, typed like a dataclass, without the cost of importing one.

`dataclasses` pulls in `inspect` and compiles methods for each class; for the fifteen records of `amends check` that is
17 ms, half of the command's whole budget (docs/decisions/0006). To a type checker `record` *is* a frozen dataclass.
"""

from __future__ import annotations

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost the command line 4 ms
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, dataclass_transform

    T = TypeVar("T")

    @dataclass_transform(frozen_default=True)
    def record(cls: type[T]) -> type[T]:
        """Make a frozen, slotted record of a class that only declares its fields."""
        return cls

else:

    def record(cls: Any) -> Any:
        """Make a frozen, slotted record of a class that only declares its fields."""
        names = tuple(cls.__annotations__)
        body = {key: value for key, value in vars(cls).items() if key not in ("__dict__", "__weakref__", *names)}
        body.update(__slots__=names, __match_args__=names, _defaults={name: vars(cls)[name] for name in names if name in vars(cls)})
        body.update(__setattr__=_refuse, __delattr__=_refuse, __eq__=_eq, __hash__=_hash, __repr__=_repr)
        body.update(__getstate__=_state, __setstate__=_restore)
        made = type(cls.__name__, cls.__bases__, body)
        setters = tuple(vars(made)[name].__set__ for name in names)
        type.__setattr__(made, "_setters", setters)
        type.__setattr__(made, "__init__", _init(names, setters))
        return made


def fields(thing: Any) -> tuple[str, ...]:
    """The field names of a record or of its class, in the order of declaration."""
    names: tuple[str, ...] = thing.__slots__
    return names


def values(thing: Any) -> tuple[Any, ...]:
    """The values of a record, in the order of `fields`."""
    return tuple(getattr(thing, name) for name in thing.__slots__)


def replace(thing: T, **changes: Any) -> T:
    """A copy of a record with some fields changed."""
    kept = {name: getattr(thing, name) for name in fields(thing)}
    return type(thing)(**{**kept, **changes})


def _init(names: tuple[str, ...], setters: tuple[Callable[[Any, Any], None], ...]) -> Callable[..., None]:
    """How a record of these fields is made: a check makes some fifty, so nothing is looked up that the class knows."""
    size = len(names)

    def init(self: Any, *args: Any, **named: Any) -> None:
        if named or len(args) != size:
            args = _arrange(type(self), names, args, named)
        for setter, value in zip(setters, args):  # noqa: B905 - as many as there are fields, and asking again costs a sixth of the whole
            setter(self, value)

    return init


def _arrange(cls: Any, names: tuple[str, ...], args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """Positional and named arguments in field order, defaults filled in; complains like any call would."""
    if len(args) > len(names):
        raise TypeError(f"{cls.__name__} takes {len(names)} fields, got {len(args)}")
    given = dict(zip(names, args, strict=False))
    for name in named:
        if name not in names or name in given:
            raise TypeError(f"{cls.__name__} got field {name!r} {'twice' if name in given else 'that it does not have'}")
    given.update(named)
    missing = [name for name in names if name not in given and name not in cls._defaults]
    if missing:
        raise TypeError(f"{cls.__name__} misses {', '.join(missing)}")
    return tuple(given[name] if name in given else cls._defaults[name] for name in names)


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} cannot be changed: records are frozen, use core.record.replace")


def _eq(self: Any, other: object) -> bool:
    return values(self) == values(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:
    return hash((type(self).__name__, values(self)))


def _repr(self: Any) -> str:
    return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in fields(self))})"


def _state(self: Any) -> tuple[Any, ...]:
    return values(self)


def _restore(self: Any, state: tuple[Any, ...]) -> None:
    for setter, value in zip(self._setters, state, strict=True):
        setter(self, value)
