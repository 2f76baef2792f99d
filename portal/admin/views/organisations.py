"""Firms: their names, other names and mail domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.accounts.queries import count_at
from portal.admin.forms.people import AliasForm, DomainForm, OrganisationForm
from portal.admin.queries import organisations as listing
from portal.admin.views.neighbours import cursors, neighbours
from portal.core.errors import Conflict, Invalid
from portal.core.jinja import plural
from portal.core.web import say, viewer
from portal.organisations import actions, queries
from portal.organisations.models import HISTORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from portal.core.forms import PortalForm
    from portal.organisations.models import Organisation

bp = Blueprint("organisations", __name__, url_prefix="/organisations")


@bp.get("")
def index() -> ResponseReturnValue:
    """All firms by name."""
    q = request.args.get("q", "")
    page = listing.organisations(q, **cursors())
    return render_template("admin/organisations.html", page=page, q=q, **neighbours(page, ".index", q=q))


@bp.route("/<public_id>", methods=["GET", "POST"])
def organisation(public_id: str) -> ResponseReturnValue:
    """A firm."""
    if (into := queries.merged_into(public_id)) is not None:
        return redirect(url_for(".organisation", public_id=into))
    found = queries.organisation(public_id)
    form = OrganisationForm(data=_values(found))
    if form.validate_on_submit() and form.succeeds(lambda: _edit(found, form)):
        say("Saved.")
        return redirect(url_for(".organisation", public_id=public_id))
    return _page(public_id, form=form), 422 if form.is_submitted() else 200


@bp.post("/<public_id>/aliases")
def add_alias(public_id: str) -> ResponseReturnValue:
    """Another spelling that means the same firm."""
    form = AliasForm()
    found = queries.organisation(public_id)

    def act() -> str:
        actions.add_alias(found, form.alias.data or "", by=viewer())
        return "Added."

    return _add(public_id, "alias_form", form, act)


@bp.post("/<public_id>/aliases/<int:alias_id>/remove")
def remove_alias(public_id: str, alias_id: int) -> ResponseReturnValue:
    """A spelling means this firm no more."""
    actions.remove_alias(queries.organisation(public_id), alias_id, by=viewer())
    say("The other name is gone.")
    return redirect(url_for(".organisation", public_id=public_id))


@bp.post("/<public_id>/domains")
def add_domain(public_id: str) -> ResponseReturnValue:
    """Addresses at a domain are work addresses of the firm (I4)."""
    form = DomainForm()
    found = queries.organisation(public_id)

    def act() -> str:
        domain = actions.add_domain(found, form.domain.data or "", by=viewer())
        return f"Added. {_counted(domain, 'work')}"

    return _add(public_id, "domain_form", form, act)


@bp.post("/<public_id>/domains/<domain>/remove")
def remove_domain(public_id: str, domain: str) -> ResponseReturnValue:
    """Addresses at a domain are no longer taken for work addresses."""
    actions.remove_domain(queries.organisation(public_id), domain, by=viewer())
    say(f"{domain} is no longer a domain of this firm. {_counted(domain, 'personal')}")
    return redirect(url_for(".organisation", public_id=public_id))


def _edit(found: Organisation, form: OrganisationForm) -> None:
    actions.edit_organisation(
        found, name=form.name.data or "", industry=form.industry.data or "",
        is_account_firm=form.is_account_firm.data, by=viewer(),
    )  # fmt: skip
    parent = queries.by_name(form.parent.data) if form.parent.data else None
    if form.parent.data and parent is None:
        raise Invalid("There is no firm of this name.", "parent")
    if (parent.id if parent else None) != found.parent_id:
        actions.set_parent(found, parent, by=viewer())


def _values(found: Organisation) -> dict[str, Any]:
    parent = queries.by_id(found.parent_id).name if found.parent_id else ""
    return {name: getattr(found, name) for name in ("name", "industry", "is_account_firm")} | {"parent": parent}


def _add(public_id: str, name: str, form: PortalForm, act: Callable[[], str]) -> ResponseReturnValue:
    def done() -> str:
        try:
            return act()
        except Conflict as error:
            raise Invalid(error.message, next(iter(form)).name) from None

    if form.validate_on_submit() and (said := form.attempt(done)):
        say(said)
        return redirect(url_for(".organisation", public_id=public_id))
    return _page(public_id, **{name: form}), 422


def _counted(domain: str, kind: str) -> str:
    number = count_at(domain, kind)
    return f"{plural(number, 'address', 'addresses')} there {'counts' if number == 1 else 'count'} as {kind} now."


def _page(public_id: str, **forms: PortalForm) -> str:
    found = queries.organisation(public_id)
    blank = {"alias_form": AliasForm(formdata=None), "domain_form": DomainForm(formdata=None)}
    shown = blank | {"form": OrganisationForm(formdata=None, data=_values(found))} | forms
    return render_template(
        "admin/organisation.html", organisation=found, aliases=queries.aliases_of(found.id),
        domains=queries.domains_of(found.id), numbers=listing.numbers(found.id),
        events=queries.events_of(found.id), merges=queries.merges_of(found.id), history=HISTORY, **shown,
    )  # fmt: skip
