"""The shape of what people write on their profile; each field has its audience beside it (P1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import FieldList, FileField, FormField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from portal.careers.models import AUDIENCE_WORDS
from portal.core.forms import MarkdownField, PortalForm
from portal.profiles.models import LONGEST, MOST, PHOTO_AUDIENCES, Shown, usual_audience
from portal.profiles.photos import PARTS

if TYPE_CHECKING:
    from portal.people.models import Person
    from portal.profiles.queries import Profile

ONE_VALUE = ("headline", "place", "about", "phone", "contact_note")
WITH_COMMAS = ("skill", "language")
SPARE_LINKS = 2
FEWEST_DIGITS = 3
SHARES = {"1": "The whole square", "0.7": "Closer", "0.45": "Very close"}
PHOTO_WORDS = {key: AUDIENCE_WORDS[key] for key in PHOTO_AUDIENCES}
PHOTO_HINT = (
    "JPG, PNG, WebP or GIF, up to 8 MB. We keep a small square of it, and nothing that the camera wrote into the file."
)


def _who(field: str) -> SelectField:
    return SelectField("Who sees it", choices=AUDIENCE_WORDS, default=usual_audience(field))


def _text(field: str, label: str, hint: str = "") -> StringField:
    most = LONGEST[field]
    return StringField(label, [Length(max=most, message=f"Keep it under {most} characters.")], description=hint)


class LinkForm(PortalForm):
    """One link."""

    address = StringField("Address", [Length(max=300, message="This address is too long.")])
    words = StringField("What to call it", [Length(max=60, message="Keep it under 60 characters.")])

    def validate_words(self, field: StringField) -> None:
        """Words alone lead nowhere."""
        if field.data and not self.address.data:
            raise ValidationError(f"Type the address of “{field.data}”, or take its name away.")


class ProfileForm(PortalForm):
    """Everything one shows in words."""

    full_name = StringField("Full name", [DataRequired("Tell us your name."), Length(max=120)])
    call_name = StringField("What to call you", [Length(max=60)], description="Empty: the first word of your name.")
    headline = _text("headline", "Headline", "One line under your name: “Keeps cranes honest”.")
    headline_audience = _who("headline")
    place = _text("place", "Place", "The town or region where you live.")
    place_audience = _who("place")
    about = MarkdownField("About you", high=LONGEST["about"], description="Some sentences. Markdown works here.")
    about_audience = _who("about")
    skill = StringField("Skills", [Length(max=1500)], description="With commas between: load cells, yard planning.")
    skill_audience = _who("skill")
    language = StringField("Languages", [Length(max=600)], description="With commas between: English, Polish.")
    language_audience = _who("language")
    link = FieldList(FormField(LinkForm), max_entries=MOST["link"])
    link_audience = _who("link")
    phone = _text("phone", "Phone")
    phone_audience = _who("phone")
    contact_note = _text("contact_note", "How to reach you best", "“Evenings, by Signal.”")
    contact_note_audience = _who("contact_note")

    def validate_phone(self, field: StringField) -> None:
        """Something that one can dial; whatever else reaches somebody has a field of its own."""
        if field.data and sum(letter.isdigit() for letter in field.data) < FEWEST_DIGITS:
            raise ValidationError("Write a number, with the code of its country: +44 1422 555 010.")

    @classmethod
    def of(cls, person: Person, profile: Profile) -> ProfileForm:
        """The form as the profile is now, with room for more links."""
        form = cls(data=_values(person, profile))
        for _ in range(min(SPARE_LINKS, MOST["link"] - len(form.link))):
            form.link.append_entry()
        return form

    @property
    def shown(self) -> dict[str, Shown]:
        """What to show to whom, field by field."""
        texts = {name: _given(self[name].data) for name in ONE_VALUE}
        texts |= {name: _given(*(self[name].data or "").split(",")) for name in WITH_COMMAS}
        shown = {name: Shown(values, self[f"{name}_audience"].data) for name, values in texts.items()}
        links = [link for link in self.link.data if link["address"]]
        addresses, labels = (tuple(link[name] or "" for link in links) for name in ("address", "words"))
        return shown | {"link": Shown(addresses, self.link_audience.data, labels)}


class NameForm(PortalForm):
    """Another name."""

    full_name = StringField("Your new full name", [DataRequired("Tell us your name."), Length(max=120)])
    call_name = StringField("What to call you", [Length(max=60)], description="Empty: the first word of your name.")
    old_for = SelectField(
        "Who may know your old name", choices=AUDIENCE_WORDS, default="only_me",
        description="Whoever may know it finds you by it, and reads it on your page. Nobody else does.",
    )  # fmt: skip


class PhotoForm(PortalForm):
    """A picture to make a photo of."""

    picture = FileField("Picture", description=PHOTO_HINT)
    part = RadioField("Which part of it?", choices={key: key.capitalize() for key in PARTS}, default="middle")
    share = SelectField("How close?", choices=SHARES, default="1")
    audience = SelectField("Who sees it", choices=PHOTO_WORDS, default="members")


def _given(*values: str | None) -> tuple[str, ...]:
    return tuple(value.strip() for value in values if value and value.strip())


def _values(person: Person, profile: Profile) -> dict[str, Any]:
    values: dict[str, Any] = {"full_name": person.full_name, "call_name": person.call_name}
    for field in (*ONE_VALUE, *WITH_COMMAS, "link"):
        entries = profile.all(field)
        values[field] = ", ".join(entry.value for entry in entries)
        if entries:
            values[f"{field}_audience"] = entries[0].audience
    values["link"] = [{"address": entry.value, "words": entry.label} for entry in profile.all("link")]
    return values
