"""From a form to the choices under which a file is read, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.core.errors import Invalid
from portal.imports.reading import MEANINGS, Choices

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from portal.imports.forms import ChooseForm
    from portal.imports.models import Import
    from portal.imports.reading import Source

NO_PERSON = frozenset({"full_name", "given_name", "family_name", "address", "work_address", "personal_address"})
NOBODY = "Say which column holds the name or an email address; without them a row names nobody."


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column with what it is taken for."""

    field: str
    name: str
    samples: tuple[str, ...]
    meaning: str
    sure: bool


def values(imported: Import, source: Source) -> dict[str, Any]:
    """What the form shows at first."""
    return as_read(imported) | {
        "kind": imported.kind or _relation(source), "source": imported.source, "as_of": imported.as_of,
        "announce": imported.announces,
    }  # fmt: skip


def as_read(imported: Import) -> dict[str, Any]:
    """How the file is read now; what its format has no question for, as a workbook has no delimiter, stays so."""
    choices = Choices.from_dict(imported.choices)
    return {
        "format": choices.format, "encoding": choices.encoding, "delimiter": choices.delimiter, "sheet": choices.sheet,
        "header_row": choices.header_row, "date_order": choices.date_order, "system": choices.system,
    }  # fmt: skip


def _relation(source: Source) -> str:
    """What its layout says of everybody in a file: the people of an HR system are employees."""
    if any(column.meaning == "relation" for column in source.columns):
        return ""
    said = {record.relation for record in source.preview}
    return said.pop() if len(said) == 1 else ""


def columns(source: Source, mapping: tuple[str, ...]) -> list[ShownColumn]:
    """The file's columns, each with its present meaning; those that are left out stand last."""
    chosen = mapping if len(mapping) == len(source.columns) else tuple(each.meaning for each in source.columns)
    found = [
        ShownColumn(f"column-{n}", each.name or f"Column {n + 1}", each.samples, meaning, each.sure or meaning != each.meaning)
        for n, (each, meaning) in enumerate(zip(source.columns, chosen, strict=True))
    ]  # fmt: skip
    return sorted(
        found, key=lambda each: (each.meaning == "ignore" and not any(each.samples), each.meaning == "ignore")
    )


def choices_of(form: ChooseForm, sent: MultiDict[str, str], before: Choices) -> Choices:
    """The choices that were sent; columns that the page did not show keep their meaning."""
    mapping = tuple(
        meaning if (meaning := sent.get(f"column-{n}", was)) in MEANINGS else was
        for n, was in enumerate(before.mapping)
    )
    return Choices(
        format=form.format.data, encoding=form.encoding.data, delimiter=form.delimiter.data, sheet=form.sheet.data or "",
        header_row=form.header_row.data if form.header_row.data is not None else before.header_row, mapping=mapping,
        date_order=form.date_order.data, system=(form.system.data or "").strip(),
    )  # fmt: skip


def check_named(choices: Choices) -> None:
    """A row must name its person somewhere."""
    if choices.mapping and NO_PERSON.isdisjoint(choices.mapping):
        raise Invalid(NOBODY)


def is_read_otherwise(choices: Choices, before: Choices) -> bool:
    """Whether the file itself must be looked at again: what its columns are may be another."""
    names = ("format", "encoding", "delimiter", "sheet", "header_row")
    return any(getattr(choices, name) != getattr(before, name) for name in names)
