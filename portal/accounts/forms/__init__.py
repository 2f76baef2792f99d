"""The shapes of what people send about their accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from wtforms import (
    BooleanField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import AnyOf, DataRequired, Length, NumberRange, Optional, ValidationError

from portal.accounts import passwords
from portal.accounts.forms.fields import NAME_LENGTH, address_field
from portal.accounts.forms.ways import (
    HelpForm,
    MaybeCodeForm,
    PaperForm,
    PasskeyForm,
    PasskeyNameForm,
    ShowPasskeyForm,
)
from portal.accounts.queries.waves import Choice
from portal.accounts.signals import invitee_sources
from portal.core import clock
from portal.core.forms import PartialDateField, PortalForm
from portal.people.queries import groups

if TYPE_CHECKING:
    from portal.core.partial_dates import PartialDate


KINDS = {"work": "From my work: it ends when I leave", "personal": "My own: it stays mine"}
RELATIONS = {
    "employee": "I work or worked here",
    "customer": "I buy or bought here",
    "partner": "I sell or sold with you",
}
THEMES = {"auto": "As the device", "light": "Light", "dark": "Dark"}
UNKNOWN_ZONE = "There is no such time zone; choose one of the list, like Europe/London."


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


def _day(field: PartialDateField) -> PartialDate | None:
    found: Any = field.data  # a PartialDate, though a text field declares text
    return found or None


class SignInForm(PortalForm):
    """An address, and a password for those who have set one."""

    address = address_field(autocomplete="username")
    password = PasswordField("Your password", [Length(max=1000)], render_kw={"autocomplete": "current-password"})


class PasswordForm(PortalForm):
    """The password, once more."""

    password = PasswordField(
        "Your password",
        [DataRequired("Type your password."), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(PortalForm):
    """A code of the authenticator, or one on paper."""

    code = StringField(
        "The code", [DataRequired("Type the code."), Length(max=60)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"},
    )  # fmt: skip


class ConfirmForm(PortalForm):
    """The password, or a code."""

    password = PasswordField("Your password", [Length(max=1000)], render_kw={"autocomplete": "current-password"})
    code = StringField(
        "A code of your authenticator",
        [Length(max=60)],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )


class AddressForm(PortalForm):
    """One address, and whose it is where only the person can tell (I4)."""

    address = address_field("Email address")
    kind = RadioField("Whose address is it?", [Optional()], choices=_choices(KINDS))
    asks = False

    def ask_kind(self, domain: str) -> None:
        """Show the question that was not asked yet."""
        self.asks = True
        self.complain(f"We don’t know {domain}. Tell us whose address this is.", "kind")


class NewPasswordForm(PortalForm):
    """A password to be set, and the present one where there is one."""

    current_password = PasswordField(
        "Your present password", [Length(max=1000)], render_kw={"autocomplete": "current-password"}
    )
    new_password = PasswordField(
        "Your new password", [DataRequired("Type the new password.")], render_kw={"autocomplete": "new-password"}
    )

    def take(self, known_words: list[str]) -> bool:
        """Whether the new password can be taken; complaints stand beside the fields."""
        earlier = list(self.current_password.errors)
        good = self.validate_on_submit()
        if earlier:
            self.complain(str(earlier[0]), "current_password")
        if good and (why := passwords.complaint(self.new_password.data or "", known_words)):
            self.complain(why, "new_password")
        return not self.errors


class PreferencesForm(PortalForm):
    """Time zone, colours, shortcuts."""

    timezone = StringField(
        "Your time zone", [DataRequired("Choose a time zone."), AnyOf(available_timezones(), UNKNOWN_ZONE)]
    )
    theme = RadioField("Colours", choices=_choices(THEMES))
    shortcuts = BooleanField("Keyboard shortcuts")


class ClaimForm(PortalForm):
    """Who one is, at the beginning."""

    full_name = StringField(
        "Your full name",
        [DataRequired("Type your name."), Length(2, 120, NAME_LENGTH)],
        render_kw={"autocomplete": "name"},
    )
    call_name = StringField("What should we call you?", [Length(max=60)], render_kw={"autocomplete": "nickname"})
    kind = RadioField("Whose address is this?", [Optional()], choices=_choices(KINDS))
    agree = BooleanField("I agree to the terms of use, and I have read the privacy notice.")

    def take(self, *, known_kind: str | None, with_terms: bool) -> bool:
        """Whether all that is asked was answered."""
        good = self.validate_on_submit()
        if known_kind is None and not self.kind.data:
            self.complain("Tell us whose address this is.", "kind")
        if with_terms and not self.agree.data:
            self.complain("Please agree before you go on.", "agree")
        return good and not self.errors


class JoinForm(PortalForm):
    """Who asks to join, and how we can tell."""

    full_name = StringField(
        "Your full name",
        [DataRequired("Type your name."), Length(2, 120, NAME_LENGTH)],
        render_kw={"autocomplete": "name"},
    )
    kind = RadioField("What ties you to us?", [DataRequired("Choose one.")], choices=_choices(RELATIONS))
    organisation = StringField("Your company at that time", [Length(max=160)])
    department = StringField("Department or team", [Length(max=80)])
    start = PartialDateField("From")
    end = PartialDateField("Until")
    proof = TextAreaField(
        "How can we tell?", [DataRequired("A line or two is enough."), Length(max=2000)], render_kw={"rows": 4}
    )

    def validate_organisation(self, field: StringField) -> None:
        """A customer or partner names the firm."""
        if self.kind.data in ("customer", "partner") and not field.data:
            raise ValidationError("Name the company you were with.")

    def validate_start(self, field: PartialDateField) -> None:
        """Whoever asks to join was there already."""
        start = _day(field)
        if start and start.first > clock.today():
            raise ValidationError("This day lies ahead. When did it begin?")

    def validate_end(self, field: PartialDateField) -> None:
        """The end can't lie before the beginning."""
        start, end = _day(self.start), _day(field)
        if start and end and end.last < start.first:
            raise ValidationError("The end lies before the beginning.")

    def told(self) -> dict[str, str]:
        """What was said, as plain text."""
        days = {field.short_name: _day(field) for field in (self.start, self.end)}
        dates = {name: day.text if day else "" for name, day in days.items()}
        words = (self.full_name, self.kind, self.organisation, self.department, self.proof)
        return dates | {field.short_name: field.data or "" for field in words}


def _one_set(chosen: str) -> dict[str, str]:
    """The set that a page leads here with, which may be older than those that are offered."""
    name, _, key = chosen.partition(":")
    known = next((each.shown(key) for each in invitee_sources if each.name == name), None)
    return {chosen: f"Out of {known[0]}"} if known else {}


class WaveForm(PortalForm):
    """Whom to invite: what is left empty is open."""

    name = StringField(
        "What to call it", [DataRequired("Give it a name, so that you know it again."), Length(max=120)],
        description="Only those who invite see this name.",
    )  # fmt: skip
    kind = SelectField(
        "Relation", choices={"": "Any", "employee": "Employees", "customer": "Customers", "partner": "Partners"}
    )
    phase = SelectField("Now or once", choices={"": "Both", "former": "Former", "current": "Current"})
    left_from = IntegerField("Left from the year", [Optional(), NumberRange(1900, 2200, "Write a year, like 2014.")])
    left_to = IntegerField("Left until the year", [Optional(), NumberRange(1900, 2200, "Write a year, like 2014.")])
    group = SelectField("Group", default="")
    source = SelectField("Brought in by", default="")

    def offer(self) -> None:
        """Offer the groups there are, and the sets of people that others know."""
        self.group.choices = {"": "Any"} | {group.public_id: group.name for group in groups()}
        sets = {f"{each.name}:{key}": words for each in invitee_sources for key, words in each.choices()}
        self.source.choices = {"": "Anything"} | _one_set(self.source.data or "") | sets

    def validate_left_to(self, field: Any) -> None:
        """Years run forwards."""
        if field.data and self.left_from.data and field.data < self.left_from.data:
            raise ValidationError("The last year comes before the first.")

    def choice(self) -> Choice:
        """What was chosen."""
        ids = {group.public_id: group.id for group in groups()}
        return Choice(
            kind=self.kind.data, phase=self.phase.data, group_id=ids.get(self.group.data), source=self.source.data,
            left_from=self.left_from.data, left_to=self.left_to.data,
        )  # fmt: skip


__all__ = [
    "AddressForm", "ClaimForm", "CodeForm", "ConfirmForm", "HelpForm", "JoinForm", "MaybeCodeForm", "NewPasswordForm",
    "PaperForm", "PasskeyForm", "PasskeyNameForm", "PasswordForm", "PreferencesForm", "ShowPasskeyForm", "SignInForm",
    "WaveForm",
]  # fmt: skip
