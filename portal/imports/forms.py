"""What is asked about a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.core.forms import PortalForm
from portal.imports.reading import DATE_ORDERS, DELIMITERS, ENCODINGS, FORMATS

if TYPE_CHECKING:
    from portal.imports.reading import Source

KINDS = {
    "": "Nothing yet: these are contacts",
    "employee": "They work or worked for us",
    "customer": "They buy or bought from us",
    "partner": "They sell or sold with us",
}


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class UploadForm(PortalForm):
    """A file of people."""

    file = FileField(
        "File", [FileRequired("Choose a file.")],
        description="CSV, TSV, Excel (.xlsx) or vCard, as your HR system, CRM or address book exports it.",
    )  # fmt: skip


class ChooseForm(PortalForm):
    """How a file is read, and what its rows speak of."""

    format = SelectField("Format", choices=_choices(FORMATS))
    encoding = SelectField("Encoding", choices=_choices({"": "As the format says"} | ENCODINGS))
    delimiter = SelectField(
        "Between columns",
        choices=_choices({"": "Nothing"} | {key: words.capitalize() for key, words in DELIMITERS.items()}),
    )
    sheet = SelectField("Sheet", validate_choice=False, choices=[])
    header_row = IntegerField(
        "Row with the column names", [Optional(), NumberRange(0, 1000)], description="0 when there is none."
    )
    date_order = SelectField(
        "Dates are written", choices=_choices({"": "There are none, or only 2014-06-30"} | DATE_ORDERS)
    )
    kind = RadioField("The people in it", choices=_choices(KINDS), default="")
    source = StringField(
        "Where it comes from", [Length(max=80)], description="What you call it: “BambooHR”, “Sales contacts 2019”."
    )
    system = StringField(
        "Whose ids these are",
        [Length(max=60)],
        description="Ids of one system name the same people each time. Empty when the file has none.",
    )
    as_of = DateField("The day it speaks of", [InputRequired("Say which day the file speaks of.")],
                      description="Who is named with another employer later has left the first one by that day.")  # fmt: skip
    announce = BooleanField(
        "Announce the last days in it",
        description="Of your own people: whoever’s last day lies ahead is invited now and reminded 14, 7 and 1 days before.",
    )  # fmt: skip


def sheets(source: Source) -> list[SelectChoice]:
    """The sheets of a workbook, to choose from."""
    return [SelectChoice(each, each) for each in source.sheets]
