"""Forms about persons: records, relations, roles, groups, invitations."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import HiddenInput

from portal.admin.words import KINDS, ROLES
from portal.core.forms import PartialDateField, PortalForm
from portal.organisations.models import HISTORY

DATE_HINT = "A year, a month or a day: 2014, 2014-06 or 2014-06-30."


def _words(label: str, most: int, hint: str = "") -> StringField:
    return StringField(label, [Length(max=most, message=f"Keep it under {most} characters.")], description=hint)


class RelationForm(PortalForm):
    """A bond with the host."""

    kind = SelectField("Relation", choices=KINDS)
    organisation = _words("Firm", 160, "Whom they bought for or sold with. Employees leave it empty: it is the host.")
    title = _words("Title", 120)
    department = _words("Department", 80)
    site = _words("Site", 80)
    start = PartialDateField("From", description=DATE_HINT)
    end = PartialDateField("Until", description="Empty while it lasts.")


class NewPersonForm(RelationForm):
    """Somebody new: a record, their relation, and maybe an invitation."""

    full_name = StringField("Full name", [DataRequired("Write the name.")], description="As people know them.")
    call_name = _words("What to call them", 60, "The first word of the name when this is empty.")
    address = StringField(
        "Invite them at this address", [Length(max=254)],
        description="A personal one is better than a work address. Empty to invite later.",
    )  # fmt: skip
    another = BooleanField("I have looked: this is somebody else")


class RenameForm(PortalForm):
    """A new name."""

    full_name = StringField("Full name", [DataRequired("Write the name.")])
    call_name = _words("What to call them", 60)


class EndRelationForm(PortalForm):
    """When a bond ended."""

    end = PartialDateField("Ended", [InputRequired("Say when it ended.")], description=DATE_HINT)


class GrantRoleForm(PortalForm):
    """A role to hold from now on."""

    role = SelectField("Role", choices=ROLES)


class EndRoleForm(PortalForm):
    """Why a role ends."""

    because = _words("Why", 200, "Kept with the role’s history.")


class InvitationForm(PortalForm):
    """Where an invitation goes."""

    address = StringField("Address", [DataRequired("Write the address."), Length(max=254)])


class ChoosePersonForm(PortalForm):
    """One person, by name."""

    person = StringField(
        "Person", [DataRequired("Say who.")], description="Type a name; suggestions appear as you type."
    )  # fmt: skip


class GroupForm(PortalForm):
    """A group."""

    name = StringField("Name", [DataRequired("Name the group."), Length(max=80)])
    purpose = _words("What it is for", 300)


class ChooseGroupForm(PortalForm):
    """One of the groups."""

    group = SelectField("Group")


class DeclineForm(PortalForm):
    """Why somebody can't join."""

    reason = TextAreaField(
        "Reason", [DataRequired("Say why: the reason is mailed to the person."), Length(max=1000)],
        description="It is mailed to the person, word for word.",
    )  # fmt: skip


class OrganisationForm(PortalForm):
    """A firm."""

    name = StringField("Name", [DataRequired("Name the firm."), Length(max=160)])
    industry = _words("Industry", 80)
    parent = _words("Belongs to", 160, "Another firm, if it is a part of one.")
    is_account_firm = BooleanField("The host sells to it, or wants to")


class AliasForm(PortalForm):
    """Another name of a firm."""

    alias = StringField("Another name", [DataRequired("Write the other name."), Length(max=160)])


class DomainForm(PortalForm):
    """A mail domain of a firm."""

    domain = StringField(
        "Mail domain", [DataRequired("Write a domain like example.org."), Length(max=253)],
        description="Addresses there count as work addresses: they stop when the person leaves.",
    )  # fmt: skip


class HistoryForm(PortalForm):
    """What happened to a firm."""

    kind = SelectField("What happened", choices=HISTORY)
    other = _words("Its former name, or the other firm", 160)
    happened = PartialDateField("When", description="A year, a month or a day; empty if nobody knows.")


class MergeForm(PortalForm):
    """The other record of the same firm."""

    other = StringField("The record that goes", [DataRequired("Name the other record."), Length(max=160)])


class SectionForm(PortalForm):
    """A heading for boards."""

    name = StringField("Name", [DataRequired("Name the section."), Length(max=60)])
    position = IntegerField("Order", [InputRequired("Write a number.")], default=0)


class WordingForm(PortalForm):
    """A new version of a legal text; `version` is the one it was begun from."""

    title = StringField("Title", [DataRequired("Write a title."), Length(max=120)])
    body = TextAreaField("Text", [DataRequired("Write the text."), Length(max=100_000)])
    version = IntegerField(widget=HiddenInput(), default=0)
