"""One's own addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.accounts import actions, login, queries
from portal.accounts.forms import AddressForm
from portal.accounts.fresh import fresh
from portal.accounts.views import bp
from portal.core import limits
from portal.core.application import begin, reads_first
from portal.core.errors import Gone
from portal.core.suppression import suppressed_among
from portal.core.web import is_local, me_id, public, safe_next, say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.accounts.models import EmailAddress

ALREADY = "This link has been used: the address is confirmed already."
MAILED = "We have mailed a link to {}. Open it within 24 hours to confirm the address."


@bp.get("/settings/addresses")
def addresses() -> ResponseReturnValue:
    """All addresses, each with its state in words."""
    return _page(AddressForm())


@bp.post("/settings/addresses")
@fresh
@reads_first
def addresses_add() -> ResponseReturnValue:
    """Note an address, and mail it a link."""
    form = AddressForm()
    added = _add(form)
    if added is None:
        return _page(form), 422
    say(MAILED.format(added))
    return redirect(url_for(".addresses"))


def _add(form: AddressForm) -> str | None:
    """Add what the form says; at an unknown domain ask first whose address it is (I4)."""
    if not form.validate_on_submit() or form.address.box is None:
        return None
    box = form.address.box
    kind = queries.kind_of(box.domain) or form.kind.data
    if not kind:
        form.ask_kind(box.domain)
        return None
    limits.hit("verify_mail", str(me_id()))
    begin()
    row = form.attempt(lambda: actions.add_address(me_id(), box, kind, by=viewer()))
    return row.address if row else None


@bp.post("/settings/addresses/<public_id>/confirm")
@reads_first
def resend_verification(public_id: str) -> ResponseReturnValue:
    """Mail the link once more."""
    limits.hit("verify_mail", str(me_id()))
    begin()
    row = queries.own_address(me_id(), public_id)
    actions.ask_to_verify(row, by=viewer())
    say(MAILED.format(row.address))
    return redirect(url_for(".addresses"))


@bp.get("/settings/addresses/verify/<token>")
@public
def verify(token: str) -> ResponseReturnValue:
    """A button; looking proves nothing, and names nobody."""
    if (proved := queries.proved_through(token)) is not None:
        return _already(proved)
    queries.ticket("verify", token)
    return render_template("accounts/verify.html", inside=login.this_session() is not None)


@bp.post("/settings/addresses/verify/<token>")
def verify_address(token: str) -> ResponseReturnValue:
    """The address is proved, by its owner who is signed in."""
    if (proved := queries.proved_through(token)) is not None:
        return _already(proved)
    row = actions.verify_address(queries.ticket("verify", token), by=viewer())
    if row.is_live:
        say(f"{row.address} is confirmed.")
    else:
        say(
            f"{row.address} can’t be confirmed at once. Somebody looks at it, and you hear of it by your other addresses.",
            "info",
        )
    return redirect(url_for(".addresses"))


def _already(proved: EmailAddress) -> ResponseReturnValue:
    """A link that has done its work names the address to its owner alone."""
    if not viewer().is_person(proved.person_id):
        raise Gone(ALREADY)
    say(f"{proved.address} is confirmed already.", "info")
    return redirect(url_for(".addresses"))


@bp.post("/settings/addresses/<public_id>/primary")
@fresh
def make_primary(public_id: str) -> ResponseReturnValue:
    """Mail goes here from now on."""
    row = queries.own_address(me_id(), public_id)
    actions.make_primary(row, by=viewer())
    say(f"From now on we write to {row.address}.")
    return redirect(url_for(".addresses"))


@bp.post("/settings/addresses/<public_id>/write-again")
def write_again(public_id: str) -> ResponseReturnValue:
    """The wish not to be written to is taken back by whose it was."""
    row = queries.own_address(me_id(), public_id)
    actions.write_again(row, by=viewer())
    say(f"From now on we write to {row.address} again.")
    return redirect(url_for(".addresses"))


@bp.post("/settings/addresses/let-go/<public_id>")
@fresh
def let_address_go(public_id: str) -> ResponseReturnValue:
    """Somebody else reads this address now; its holder says so too (I7)."""
    actions.yield_address(queries.own_dispute(me_id(), public_id), by=viewer())
    say("Thank you. The address is not yours any more; everything else is.")
    return redirect(url_for(".addresses"))


@bp.get("/settings/addresses/<public_id>/remove")
@fresh
def addresses_remove(public_id: str) -> ResponseReturnValue:
    """What removing means."""
    return render_template("accounts/remove_address.html", address=queries.own_address(me_id(), public_id))


@bp.post("/settings/addresses/<public_id>/remove")
@fresh
def addresses_do_remove(public_id: str) -> ResponseReturnValue:
    """Take the address away."""
    row = queries.own_address(me_id(), public_id)
    actions.remove_address(row, by=viewer())
    say(f"{row.address} is removed.")
    return redirect(url_for(".addresses"))


@bp.get("/undo-removal/<token>")
@public
def undo_removal(token: str) -> ResponseReturnValue:
    """For whoever reads the address that was taken away."""
    queries.ticket("undo_removal", token)
    return render_template("accounts/undo_removal.html")


@bp.post("/undo-removal/<token>")
@public
def undo_it(token: str) -> ResponseReturnValue:
    """Take the account back."""
    actions.undo_removal(queries.ticket("undo_removal", token), by=viewer())
    say("Your address is back, and every device is signed out. Sign in with it, then look at your settings.")
    return redirect(url_for(".sign_in"))


@bp.get("/welcome/own-address")
def own_address() -> ResponseReturnValue:
    """Asked of those who have no address of their own (I4, I5)."""
    return render_template("accounts/own_address.html", form=AddressForm(), next=_on())


@bp.post("/welcome/own-address")
@fresh
@reads_first
def add_own_address() -> ResponseReturnValue:
    """Note it, mail the link, and go on."""
    form = AddressForm()
    if form.address.box is not None and queries.kind_of(form.address.box.domain) == "work":
        form.complain("This looks like an address of your work too. Add one that you keep when you leave.", "address")
        return render_template("accounts/own_address.html", form=form, next=_on()), 422
    form.kind.data = "personal"
    added = _add(form)
    if added is None:
        return render_template("accounts/own_address.html", form=form, next=_on()), 422
    say(MAILED.format(added))
    return redirect(safe_next("/"))


def _on() -> str:
    target = request.values.get("next", "/")
    return target if is_local(target) else "/"


def _page(form: AddressForm) -> str:
    mine = queries.addresses_of(me_id())
    quiet = suppressed_among([row.address for row in mine])
    return render_template(
        "accounts/addresses.html", form=form, addresses=mine, quiet=quiet, disputed=queries.disputed(me_id()),
        in_question=queries.claims_in_question(me_id()), again=queries.retired_too_soon(mine),
    )  # fmt: skip
