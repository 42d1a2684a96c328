"""The words in which `models.py` says what a key may hold.

What is said there once is read in three ways: `quick.py` makes facts of it, `judge.py` tells mistakes by it, and
`schema.py` tells it to editors.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from functools import cache
from inspect import get_annotations
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self, TypeVar, cast, dataclass_transform, get_args

_Model = TypeVar("_Model", bound=type)
_Made = TypeVar("_Made")

# Classes for the facts of a model; a large deck of every kind of fact has a dozen for its members.
MOST_ROOMS = 500


class MistakeError(ValueError):
    """What a check finds, in the author's words; `mended` is what was meant, where only one thing can be."""

    def __init__(self, message: str, fix: str = "", rule: str = "schema", mended: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.rule = rule
        self.mended = mended


class Check:
    """Beside a text: gives it back, or raises MistakeError."""

    def __init__(self, function: Callable[[str], str]) -> None:
        self.function = function


class AtLeast:
    """Beside a list: so many entries."""

    def __init__(self, entries: int) -> None:
        self.entries = entries


class OneOrMany:
    """Beside a list: a plain text stands for a list of it."""


class Key(NamedTuple):
    """What a key may hold, as an annotation; whether it must stand there; and what an editor says of it."""

    kind: Any
    is_required: bool
    default: Any
    description: str
    examples: list[Any]
    least: int | None
    most: int | None


def a_key(  # noqa: PLR0913 - all that can be said of a key
    *,
    description: str,
    examples: list[Any],
    default: Any = MISSING,
    default_factory: Any = MISSING,
    least: int | None = None,
    most: int | None = None,
) -> Any:
    """A key of the format. Without a default it must be there; `least` and `most` bound a whole number."""
    about = {"description": description, "examples": examples, "least": least, "most": most}
    return field(default=default, default_factory=default_factory, metadata=about)


class Strict:
    """A mapping of the format: an unknown key is a mistake. `SHORT` is the key that a plain string stands for.

    Facts are frozen, and a fact has room for the keys that are written in it alone: decks have very many facts, and
    most of them have one key of twenty. Its class knows what the others are.

    What dataclasses would write for each class stands here once for all: writing it would take longer than reading a
    small deck.
    """

    __slots__ = ()
    SHORT: ClassVar[str | None] = None
    # A mapping of known keys is in full, unless one of these is among them.
    NOT_IN_FULL: ClassVar[frozenset[str]] = frozenset()
    # Of each key, in their order; MISSING where it must be written.
    DEFAULTS: ClassVar[Mapping[str, Any]] = {}
    NEEDED: ClassVar[frozenset[str]] = frozenset()
    # The class in `models.py`; those of its facts inherit from it.
    _MODEL: ClassVar[type["Strict"]]
    _ROOMS: ClassVar[dict[frozenset[str] | None, type["Strict"]]]

    def __new__(cls, **given: Any) -> Self:
        if not cls.NEEDED <= given.keys() <= cls.DEFAULTS.keys():
            raise TypeError(f"{cls.__name__} has not the keys {', '.join(given)}")
        written = {name: value for name, value in given.items() if value != cls.DEFAULTS[name]}
        room = room_for(cls, written)
        fact = object.__new__(room)
        for name, value in written.items():
            setter_of(room, name)(fact, value)
        return cast("Self", fact)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete {name!r}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, self._MODEL) and other._MODEL is self._MODEL and _values(self) == _values(other)

    def __hash__(self) -> int:
        return hash(_values(self))

    def __repr__(self) -> str:
        said = zip(self.DEFAULTS.items(), _values(self), strict=True)
        told = (f"{name}={value!r}" for (name, default), value in said if value != default)
        return f"{type(self).__name__}({', '.join(told)})"

    @classmethod
    def in_full(cls, value: Any) -> Any:
        """The mapping that `value` is short for; other values as they are. Raises MistakeError."""
        return {cls.SHORT: value} if cls.SHORT and isinstance(value, str) else value


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(a_key,))
def mapping(model: _Model) -> _Model:
    """A class whose fields are the keys of a mapping."""
    if "__slots__" not in vars(model):
        body = {name: value for name, value in vars(model).items() if name not in {"__dict__", "__weakref__"}}
        model = cast("_Model", type(model.__name__, model.__bases__, {**body, "__slots__": ()}))
    made: Any = dataclass(init=False, repr=False, eq=False)(model)
    made.DEFAULTS = {
        one.name: one.default if one.default_factory is MISSING else one.default_factory() for one in fields(made)
    }
    made.NEEDED = frozenset(name for name, default in made.DEFAULTS.items() if default is MISSING)
    for name in made.DEFAULTS.keys() - made.NEEDED:
        setattr(made, name, made.DEFAULTS[name])
    made._MODEL, made._ROOMS = made, {}  # noqa: SLF001 - `Strict` is beside it
    return cast("_Model", made)


def room_for(model: type[Strict], names: Iterable[str]) -> type[Strict]:
    """The class of a model's facts in which these keys are written: there are few, however many facts.

    Where nearly every fact has keys of its own, as nobody writes, one class with room for all keys is that of the rest.
    """
    rooms, written = model._ROOMS, frozenset(names)  # noqa: SLF001 - `Strict` is beside it
    if written in rooms:
        return rooms[written]
    if len(rooms) < MOST_ROOMS:
        room = rooms[written] = _room(model, written, {})
        return room
    if None not in rooms:
        rooms[None] = _room(model, model.DEFAULTS, {"__getattr__": _default_of})
    return rooms[None]


def _room(model: type[Strict], names: Iterable[str], more: Mapping[str, Any]) -> type[Strict]:
    whole = model._MODEL  # noqa: SLF001
    return type(whole.__name__, (whole,), {"__slots__": tuple(sorted(names)), "__module__": whole.__module__, **more})


def _default_of(fact: Strict, name: str) -> Any:
    """What a key is that was not written."""
    if name not in fact.DEFAULTS:
        raise AttributeError(name)
    return fact.DEFAULTS[name]


def setter_of(room: type[Strict], name: str) -> Callable[[object, Any], None]:
    """What writes a key into a fact that is being made; afterwards nothing does."""
    setter: Callable[[object, Any], None] = vars(room)[name].__set__
    return setter


def _values(fact: Strict) -> tuple[Any, ...]:
    return tuple(getattr(fact, name) for name in fact.DEFAULTS)


def by_class(make: Callable[[type[Strict]], _Made]) -> Callable[[type[Strict]], _Made]:
    """`functools.cache` for what is made of a class."""
    return cache(make)  # type: ignore[return-value]  # to mypy classes have no hash


@by_class
def keys_of(model: type[Strict]) -> Mapping[str, Key]:
    """The keys of a mapping, in their order."""
    # Of each class alone, and put together here: typing would look at what is inherited again for each heir.
    kinds = {name: kind for one in reversed(model.__mro__) for name, kind in _annotations(one).items()}
    return {
        one.name: Key(
            _with_itself(kinds[one.name], model),
            one.name in model.NEEDED,
            model.DEFAULTS[one.name],
            **one.metadata,
        )
        for one in fields(model)  # type: ignore[arg-type]  # `mapping` makes a dataclass of each
    }


def _with_itself(kind: Any, model: type[Strict]) -> Any:
    """What holds things of its own kind holds a list of them."""
    return tuple[model, ...] if Self in get_args(kind) else kind  # type: ignore[valid-type]  # a value here


@cache
def _annotations(model: type) -> Mapping[str, Any]:
    return get_annotations(model)


_NOTHING: Mapping[str, Any] = MappingProxyType({})


def nothing() -> Mapping[str, Any]:
    """An empty mapping: one for all, since most of very many are empty."""
    return _NOTHING
