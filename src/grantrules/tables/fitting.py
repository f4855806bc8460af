"""The types of a data frame's columns beside those that the layout names: which fit, and what is wrong with others."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, assert_never

import narwhals as nw
from attrs import frozen
from narwhals.dtypes import DType

from grantrules.errors import nearest
from grantrules.tables.layout import ORE_DECIMALS, Column, Type

Frame: TypeAlias = Any
"""A data frame of Narwhals, eager or lazy; only what both can do is asked of it."""

_TEXTS = (nw.String, nw.Categorical, nw.Enum)
_WHOLE = (nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.UInt8, nw.UInt16, nw.UInt32)
_TOO_WIDE = (nw.UInt64, nw.Int128, nw.UInt128)
_FLOATS = (nw.Float32, nw.Float64)
_NULLS = frozenset({"null", "void"})

_OF_MANY_ZONES = (nw.Implementation.POLARS, nw.Implementation.PYARROW)


@frozen
class Misfit:
    """A column whose type does not fit: what is wrong, and a hint."""

    message: str
    hint: str = ""
    code: str = "wrong-type"


@frozen
class Found:
    """
    The type that a column has.

    Args:
        native: its name in the engine, where Narwhals has none for it.
    """

    dtype: DType
    native: str = ""

    @property
    def null(self) -> bool:
        """It is a type of which nothing but null is."""
        return self.native.lower() in _NULLS

    def __str__(self) -> str:
        if isinstance(self.dtype, nw.Datetime):
            return f"timestamp with{'out' if self.dtype.time_zone is None else ''} time zone"
        if isinstance(self.dtype, _TEXTS):
            return "text"
        return self.native or type(self.dtype).__name__.lower()


def types_of(frame: Frame) -> dict[str, Found]:
    """
    The types of all columns; nothing but the schema is read.

    Raises:
        narwhals.exceptions.DuplicateError: two columns have the same name.
    """
    schema = frame.collect_schema()
    unknown = any(isinstance(dtype, nw.Unknown) for dtype in schema.values())
    native = _native_types(frame) if unknown else {}
    return {
        name: Found(dtype, native.get(name, "") if isinstance(dtype, nw.Unknown) else "")
        for name, dtype in schema.items()
    }


def _native_types(frame: Frame) -> Mapping[str, str]:
    """The engine's own names of the types."""
    native = frame.to_native()
    if frame.implementation.is_polars():
        return {name: str(dtype) for name, dtype in native.collect_schema().items()}
    if frame.implementation.is_duckdb():
        return {name: str(dtype).strip('"') for name, dtype in zip(native.columns, native.types, strict=True)}
    if frame.implementation.is_pyarrow():
        return {field.name: str(field.type) for field in native.schema}
    return dict(native.dtypes)


def misfit(column: Column, found: Found) -> Misfit | None:
    """What is wrong with the type of a column; `None` if it fits."""
    zoned = not isinstance(found.dtype, nw.Datetime) or found.dtype.time_zone is not None
    if found.null or (isinstance(found.dtype, _fitting(column.type)) and zoned):
        return None
    message = f"expected {column.type.value}, got {found}"
    if isinstance(found.dtype, _FLOATS) and column.scale:
        hint = f"read the numbers as text or decimal, and cast whole {column.unit} to int64"
        return Misfit(f"{message}: binary floats are not exact", hint, "float")
    return Misfit(message, _hint(column, found))


def _fitting(type: Type) -> tuple[type[DType], ...]:
    match type:
        case Type.KEY:
            return (*_TEXTS, *_WHOLE)
        case Type.TEXT:
            return _TEXTS
        case Type.TRUTH:
            return (nw.Boolean,)
        case Type.WHOLE:
            return _WHOLE
        case Type.DAY:
            return (nw.Date,)
        case Type.MOMENT:
            return (nw.Datetime,)
        case _:
            assert_never(type)


def _hint(column: Column, found: Found) -> str:
    match column.type:
        case Type.KEY:
            return "cast it to text" if isinstance(found.dtype, _TOO_WIDE) else "cast it to text or int64"
        case Type.TEXT:
            return "cast it to text"
        case Type.TRUTH:
            return "make it true, false or null"
        case Type.WHOLE:
            return f"cast whole {column.unit} to int64" if column.scale else "cast it to int64"
        case Type.DAY if isinstance(found.dtype, nw.Datetime):
            return "take the date it is in the time zone of the pool"
        case Type.DAY:
            return "make it a date"
        case Type.MOMENT if isinstance(found.dtype, nw.Datetime):
            return "say which time zone it is in"
        case Type.MOMENT:
            return "make it a time, and say which time zone it is in"
        case _:
            assert_never(column.type)


def instead(column: Column, names: Iterable[str]) -> str:
    """
    What to do about a column that is missing.

    Args:
        names: columns of the table that the layout does not know.
    """
    names = tuple(names)
    scaled = f"_{'ore' if column.scale == ORE_DECIMALS else 'thousandths'}"
    plain = column.name.removesuffix(scaled)
    if column.scale and plain in names:
        return f"multiply `{plain}` by {10**column.scale} and cast it to int64: whole {column.unit} are asked for"
    return nearest(column.name, names) or "add it, with null where the fact is not stated"


def cast_of(column: Column, found: Found, engine: nw.Implementation) -> DType:
    """The type that a fitting column is cast to, so that an engine compares and joins it as it should."""
    if isinstance(found.dtype, _WHOLE):
        return nw.Int64()
    if isinstance(found.dtype, _TEXTS):
        return nw.String()
    if isinstance(found.dtype, nw.Datetime):
        # Polars and PyArrow compare no moments of two zones. The others have but one, that of the session.
        return nw.Datetime(found.dtype.time_unit, "UTC") if engine in _OF_MANY_ZONES else found.dtype
    if found.null and column.type is Type.MOMENT and engine.is_duckdb():
        # DuckDB casts to no zone but that of its connection, which a column of nulls does not tell.
        return nw.Datetime("us")
    return dtype_of(column.type) if found.null else found.dtype


def dtype_of(type: Type) -> DType:
    """The type of a column that is made here; case numbers are text."""
    match type:
        case Type.KEY | Type.TEXT:
            return nw.String()
        case Type.TRUTH:
            return nw.Boolean()
        case Type.WHOLE:
            return nw.Int64()
        case Type.DAY:
            return nw.Date()
        case Type.MOMENT:
            return nw.Datetime("us", "UTC")
        case _:
            assert_never(type)
