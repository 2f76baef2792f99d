"""Where-clauses that a column has one of several values, the same text for any number of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, BindParameter, Boolean, String, any_, bindparam, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


class OneOf(FunctionElement[bool]):
    """A column has one of the values that are given under a name when the statement is executed.

    PostgreSQL gets them as one array, so that its statement stays prepared whatever their number; SQLite has no arrays
    and needs none.
    """

    type = Boolean()
    name = "one_of"
    inherit_cache = True

    def self_group(self, *_against: Any, **_named: Any) -> OneOf:
        """A comparison stands between others as it is.

        SQLite, which has no booleans, would else be given "IN (…) = 1", and look through the whole table.
        """
        return self


@compiles(OneOf)
def _in(element: OneOf, compiler: Any, **how: Any) -> str:
    column, values = element.clauses
    return str(compiler.process(column.in_(values), **how))


@compiles(OneOf, "postgresql")
def _any(element: OneOf, compiler: Any, **how: Any) -> str:
    column, values = element.clauses
    array = bindparam(values.key, type_=ARRAY(values.type))
    return str(compiler.process(column == any_(array), **how))


def several(name: str, type_: Any) -> BindParameter[Any]:
    """Values of a type that come with the execution, for `is_one_of`."""
    return bindparam(name, expanding=True, type_=type_)


def is_one_of(column: Any, values: Any) -> ColumnElement[bool]:
    """The column has one of the values: a list that is here already, or what `several` names."""
    wanted: ColumnElement[bool] = OneOf(column, values) if isinstance(values, BindParameter) else column.in_(values)
    return wanted


def is_word(column: Any, *words: str) -> ColumnElement[bool]:
    """The column has one of our own words, written into the statement: the planner knows how common they are.

    SQLite also prepares a statement anew at each execution while a bound value might meet the condition of an index
    (`WHERE state = 'open'`): home cost a tenth more for one such word.
    """
    written = [literal_column(f"'{word}'", String) for word in words]
    wanted: ColumnElement[bool] = column.in_(written) if len(written) > 1 else column == written[0]
    return wanted
