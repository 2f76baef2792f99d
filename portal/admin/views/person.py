"""One person: the host's record, roles, groups, invitations, devices, and what was done about them.

There is no page here that sets a password, shows a token, verifies an address or signs in as somebody (R15).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.accounts import actions as accounts
from portal.accounts.queries import addresses_of, open_sessions
from portal.admin import words
from portal.admin.forms.people import (
    ChooseGroupForm,
    EndRelationForm,
    EndRoleForm,
    GrantRoleForm,
    InvitationForm,
    RelationForm,
    RenameForm,
)
from portal.admin.queries import people as queries
from portal.admin.queries.groups import group as group_by_id
from portal.admin.views.people import record, send_invitation
from portal.careers import actions as careers
from portal.careers.queries import relation as relation_by_id
from portal.careers.queries import relations_of
from portal.core.access import viewer_of
from portal.core.errors import Missing
from portal.core.web import say, viewer
from portal.people import actions as people
from portal.people import policies
from portal.people.queries import admins_beside, any_person, groups

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.core.access import Viewer
    from portal.people.models import Person

bp = Blueprint("person", __name__, url_prefix="/people/<public_id>")


@bp.get("")
def index(public_id: str) -> ResponseReturnValue:
    """Everything the back office knows of a person."""
    person = _person(public_id)
    subject = viewer_of(person.id)
    return render_template(
        "admin/person.html", person=person, record=queries.people_by_id([person.id])[person.id], words=words,
        relations=relations_of(person.id), roles=queries.roles_of(person.id), may_grant=_may_grant(subject),
        last_admin="admin" in subject.roles and not admins_beside(person.id), groups=queries.groups_of(person.id),
        addresses=addresses_of(person.id), invitations=queries.invitations_of(person.id),
        sessions=open_sessions(person.id), deeds=queries.audit_about(person.id),
    )  # fmt: skip


@bp.route("/rename", methods=["GET", "POST"])
def rename(public_id: str) -> ResponseReturnValue:
    """Another name, everywhere at once."""
    person = _person(public_id)
    form = RenameForm(obj=person)
    if form.validate_on_submit():
        names = form.full_name.data or "", form.call_name.data or ""
        if form.succeeds(lambda: people.rename(person, *names, by=viewer())):
            return _back(person, "The new name is in force everywhere.")
    return _form("Change the name", person, form, "Save")


@bp.route("/relations/new", methods=["GET", "POST"])
def new_relation(public_id: str) -> ResponseReturnValue:
    """Keep another bond with the host."""
    person = _person(public_id)
    form = RelationForm()
    if form.validate_on_submit() and form.succeeds(lambda: record(person, form)):
        return _back(person, "The relation is recorded.")
    return _form("Record a relation", person, form, "Record it")


@bp.route("/relations/<relation_id>/end", methods=["GET", "POST"])
def end_relation(public_id: str, relation_id: str) -> ResponseReturnValue:
    """A bond with the host ends, and what hangs on it with it (I5, I16)."""
    person, form = _person(public_id), EndRelationForm()
    relation = relation_by_id(relation_id)
    if relation.person_id != person.id:
        raise Missing("There is no such relation.")
    if (
        form.validate_on_submit()
        and (end := form.end.data)
        and form.succeeds(lambda: careers.end_relation(relation, end, by=viewer()))
    ):
        return _back(person, "The end is recorded. The person stays a member.")
    lead = (
        "From that day their addresses at the firm no longer let them in, and roles that come with the job end. "
        "The account stays, and so do their words."
    )
    return _form(f"End: {words.relation(relation.kind, relation.phase).lower()}", person, form, "End it", lead)


@bp.route("/roles", methods=["GET", "POST"])
def grant_role(public_id: str) -> ResponseReturnValue:
    """Give a role."""
    person, form = _person(public_id), GrantRoleForm()
    form.role.choices = {role: words.ROLES[role] for role in _may_grant(viewer_of(person.id))}
    if form.validate_on_submit():
        people.grant_role(person, form.role.data, by=viewer())
        return _back(person, f"{person.call_name} is {words.ROLES[form.role.data].lower()} from now on.")
    return _form("Give a role", person, form, "Give it")


@bp.route("/roles/<role>/end", methods=["GET", "POST"])
def end_role(public_id: str, role: str) -> ResponseReturnValue:
    """End a role; it stays in the history."""
    person, form = _person(public_id), EndRoleForm()
    if role not in viewer_of(person.id).roles:
        raise Missing("The person does not hold this role.")
    if form.validate_on_submit():
        people.end_role(person, role, because=form.because.data or "", by=viewer())
        return _back(person, f"The role has ended: {words.ROLES[role].lower()}.")
    return _form(f"End the role: {words.ROLES[role].lower()}", person, form, "End it")


@bp.route("/groups", methods=["GET", "POST"])
def join_group(public_id: str) -> ResponseReturnValue:
    """Put the person into a group."""
    person, form = _person(public_id), ChooseGroupForm()
    form.group.choices = {group.public_id: group.name for group in groups()}
    if form.validate_on_submit():
        group = group_by_id(form.group.data)
        people.join_group(group, person, by=viewer())
        return _back(person, f"{person.call_name} is in {group.name} now.")
    return _form("Put into a group", person, form, "Put in")


@bp.post("/groups/<group_id>/leave")
def leave_group(public_id: str, group_id: str) -> ResponseReturnValue:
    """Take the person out of a group."""
    person, group = _person(public_id), group_by_id(group_id)
    people.leave_group(group, person, by=viewer())
    return _back(person, f"{person.call_name} is no longer in {group.name}.")


@bp.route("/invitation", methods=["GET", "POST"])
def invite(public_id: str) -> ResponseReturnValue:
    """Invite, or invite anew: an earlier letter is worthless from then on (R21)."""
    person = _person(public_id)
    earlier = queries.invitations_of(person.id)
    form = InvitationForm(data={"address": earlier[0].address if earlier else ""})
    if form.validate_on_submit() and form.succeeds(lambda: send_invitation(person, form.address.data)):
        return _back(person, "The invitation is on its way. Earlier ones no longer work.")
    lead = "The letter holds one link, for this address alone. Whoever opens it proves the address, and nothing else."
    return _form("Invite", person, form, "Send the invitation", lead)


@bp.post("/invitation/withdraw")
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    person = _person(public_id)
    accounts.withdraw_invitation(person, by=viewer())
    return _back(person, "The invitation no longer works.")


@bp.post("/devices/end")
def end_sessions(public_id: str) -> ResponseReturnValue:
    """Sign every device of the person out."""
    person = _person(public_id)
    accounts.end_sessions(person.id, by=viewer())
    return _back(person, "Every device is signed out. The person can sign in again as usual.")


def _person(public_id: str) -> Person:
    person = any_person(public_id)
    if person.is_system:
        raise Missing("There is nobody here.")
    return person


def _may_grant(subject: Viewer) -> list[str]:
    """The roles that this person could hold and does not."""
    open_ = (role for role in words.ROLES if role not in subject.roles)
    return [role for role in open_ if policies.can_grant_role(viewer(), role, to=subject)]


def _back(person: Person, sentence: str) -> ResponseReturnValue:
    say(sentence)
    return redirect(url_for(".index", public_id=person.public_id))


def _form(title: str, person: Person, form: Any, submit: str, lead: str = "") -> ResponseReturnValue:
    back = url_for(".index", public_id=person.public_id)
    status = 422 if request.method == "POST" else 200
    return render_template(
        "admin/form.html", title=title, lead=lead, form=form, submit=submit, back=back,
        crumbs=[{"label": "People", "url": url_for("admin.people.index")}, {"label": person.full_name, "url": back}],
    ), status  # fmt: skip
