"""The schema as pydantic models: all mistakes of a file at once, and the bones of the JSON Schema.

They are made from `models.py`, key by key, when there is a mistake to tell or a schema to write. A file without a
mistake never asks for them: `quick.py` reads it.
"""

from collections.abc import Callable, Mapping
from functools import cache, wraps
from types import UnionType
from typing import Annotated, Any, ClassVar, ForwardRef, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from deckbuilder.facts.keys import AtLeast, Check, Key, MistakeError, Strict, by_class, keys_of
from deckbuilder.facts.models import FactsFile


class Judge(BaseModel):
    """What judges a mapping of the format; `MODEL` is the class that it was made from."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    MODEL: ClassVar[type[Strict]] = Strict


def judged(value: Any) -> FactsFile:
    """The facts of a file. Raises pydantic's ValidationError, which knows all that is wrong with them."""
    facts: FactsFile = _fact(judge_of(FactsFile).model_validate(value))
    return facts


def mistakes_in(value: Any) -> int:
    """How many things are wrong with the facts of a file."""
    try:
        judged(value)
    except ValidationError as error:
        return error.error_count()
    return 0


@by_class
def judge_of(model: type[Strict]) -> type[Judge]:
    keys: dict[str, Any] = {name: (_annotation(key.kind, model), _about(key)) for name, key in keys_of(model).items()}
    in_full: Any = model_validator(mode="before")(_telling(model.in_full))
    validators = {"in_full": in_full}
    made = create_model(model.__name__, __base__=Judge, __doc__=model.__doc__, __validators__=validators, **keys)
    made.MODEL = model
    made.model_rebuild(_types_namespace={model.__name__: made})
    return made


def one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _fact(judged: Any) -> Any:
    """What a judge let pass, as facts."""
    if isinstance(judged, Judge):
        return judged.MODEL(**{name: _fact(getattr(judged, name)) for name in keys_of(judged.MODEL)})
    if isinstance(judged, tuple):
        return tuple(map(_fact, judged))
    return {name: _fact(inner) for name, inner in judged.items()} if isinstance(judged, dict) else judged


def _about(key: Key) -> Any:
    about: dict[str, Any] = {"description": key.description, "examples": key.examples, "ge": key.least, "le": key.most}
    if isinstance(key.default, Mapping):
        return Field(default_factory=dict, **about)
    return Field(**about) if key.is_required else Field(key.default, **about)


def _annotation(kind: Any, around: type[Strict]) -> Any:
    """An annotation of a key of `around`, in the words of pydantic."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return Annotated[(_annotation(parts[0], around), *map(_mark, parts[1:]))]
    if origin in {Union, UnionType, tuple, Mapping}:
        inner = tuple(part if part is ... else _annotation(part, around) for part in parts)
        shape: Any = {tuple: tuple, Mapping: dict}.get(origin, Union)
        return shape[inner]
    if kind is float:
        return Annotated[float, Field(allow_inf_nan=False)]
    if isinstance(kind, type) and issubclass(kind, Strict):
        # A member holds members: what is being made can only be named.
        return ForwardRef(kind.__name__) if kind is around else judge_of(kind)
    return kind


def _mark(mark: Any) -> Any:
    if isinstance(mark, Check):
        return AfterValidator(_telling(mark.function))
    return Field(min_length=mark.entries) if isinstance(mark, AtLeast) else BeforeValidator(one_or_many)


@cache
def _telling(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A check that tells pydantic of a mistake."""

    @wraps(check)
    def telling(value: Any) -> Any:
        try:
            return check(value)
        except MistakeError as mistake:
            # Braces would be taken for placeholders, so the words travel as values.
            raise PydanticCustomError("mistake", "{message}", vars(mistake)) from None

    return telling
