"""Forms: the shape of what people send. Nothing they typed is ever lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.validators import Length, Optional

from portal.core.db import db
from portal.core.errors import Conflict, Invalid, TooMany
from portal.core.partial_dates import EARLIEST, LATEST, PartialDate
from portal.core.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
UNSTRIPPED = frozenset({"PasswordField", "FieldList", "FormField"})  # a list strips what is in it


def _strip(value: Any) -> Any:
    return value.replace("\r\n", "\n").replace("\x00", "").strip() if isinstance(value, str) else value


def _strip_line(value: Any) -> Any:
    return one_line(value) if isinstance(value, str) else value


def _filter_of(field: type[Field]) -> Callable[[Any], Any]:
    """What stands on one line hides nothing: somebody could write as if they were somebody else."""
    is_line = issubclass(field, StringField) and not issubclass(field, TextAreaField | HiddenField)
    return _strip_line if is_line else _strip


class Sentences:
    """What the library says of a mistake, in our words; a form that knows better says so itself."""

    OURS = {
        "Field cannot be longer than %(max)d character.": "Keep it to one character.",
        "Field cannot be longer than %(max)d characters.": "Keep it under %(max)d characters.",
        "Field must be at least %(min)d characters long.": "Write at least %(min)d characters.",
        "Field must be between %(min)d and %(max)d characters long.": "Write %(min)d to %(max)d characters.",
        "Not a valid choice.": "Choose one of these.",
        "Not a valid date value.": "Write a day like 2024-06-30.",
        "Not a valid datetime value.": "Write a day and a time.",
        "Not a valid time value.": "Write a time like 09:30.",
        "Not a valid decimal value.": "Write a number.",
        "Not a valid integer value.": "Write a whole number.",
        "Number must be at least %(min)s.": "Write %(min)s or more.",
        "Number must be at most %(max)s.": "Write %(max)s or less.",
        "Number must be between %(min)s and %(max)s.": "Write a number from %(min)s to %(max)s.",
        "This field is required.": "This is missing.",
    }

    def gettext(self, sentence: str) -> str:
        """Our sentence for the library's."""
        return self.OURS.get(sentence, sentence)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The same, for one or several."""
        return self.gettext(one if n == 1 else many)


SENTENCES = Sentences()


def in_our_time(_form: Any, field: DateField) -> None:
    """The day lies in years that careers and plans have; what is added to it stays within the calendar."""
    if field.data and not EARLIEST <= field.data.year <= LATEST:
        raise ValidationError(f"The year must be between {EARLIEST} and {LATEST}.")


class PortalForm(FlaskForm):
    """A form; the page's CSRF token guards every POST before any form sees it, the edge claims its one-time key."""

    class Meta:
        """CSRF is checked once for the whole site."""

        csrf = False

        def get_translations(self, form: Any) -> Sentences:
            """Whose words a mistake is told in."""
            return SENTENCES

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Strip what people type, and what nobody sees of it; but never a password."""
            filters = list(unbound_field.kwargs.get("filters", []))
            if unbound_field.field_class.__name__ not in UNSTRIPPED:
                filters.insert(0, _filter_of(unbound_field.field_class))
            bound: Field = unbound_field.bind(form=form, filters=filters, **options)
            if isinstance(bound, DateField):
                bound.validators = (*bound.validators, in_our_time)
            return bound

    def attempt(self, act: Callable[[], T]) -> T | None:
        """Do it, or show why not beside the field it belongs to; None means the page is shown again."""
        try:
            return act()
        except (Invalid, TooMany) as error:
            db.session.rollback()
            self.complain(error.message, getattr(error, "field", None))
        return None

    def succeeds(self, act: Callable[[], object]) -> bool:
        """Do it; False means the page is shown again, with why not beside the field it belongs to."""

        def done() -> bool:
            act()
            return True

        return bool(self.attempt(done))

    def complain(self, message: str, field: str | None = None) -> None:
        """Put an error beside a field, or above the form."""
        if field and field in self._fields:
            self._fields[field].errors = [*self._fields[field].errors, message]
        else:
            self.form_errors.append(message)


def words_of(label: str, sentence: str = "", *, low: int = 0, high: int = 2000) -> TextAreaField:
    """Some words: with a least length they are asked for with that sentence, without one they may be left out."""
    too_long = f"Keep it under {high:,} characters."
    checks = [Length(min=low, max=high, message=sentence or too_long)]
    return TextAreaField(label, validators=checks if low else [Optional(), *checks])


class PartialDateField(StringField):
    """A year, a month or a day."""

    data: PartialDate | None  # type: ignore[assignment]

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.text if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read "2014", "2014-06" or "2014-06-30"."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = PartialDate.parse(text) if text else None


class MarkdownField(TextAreaField):
    """Text in Markdown, within limits."""

    def __init__(self, label: str, *, low: int = 0, high: int = 32_000, **kwargs: Any) -> None:
        sentence = f"Write between {low} and {high:,} characters." if low else f"Keep it under {high:,} characters."
        checks = [Length(min=low, max=high, message=sentence)]
        super().__init__(label, validators=([] if low else [Optional()]) + checks, **kwargs)


__all__ = ["Conflict", "MarkdownField", "PartialDateField", "PortalForm", "SelectField", "words_of"]
