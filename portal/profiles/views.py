"""The person page, one's own profile and photo, and *view as*."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, render_template, request, url_for

from portal.core.access import viewer_of
from portal.core.application import begin, reads_first
from portal.core.errors import Missing
from portal.core.limits import limited
from portal.core.settings import get as setting
from portal.core.web import me_id, public, say, viewer
from portal.people.actions import rename
from portal.people.bonds import bond_with
from portal.people.queries import kept_behind, person_by_id
from portal.profiles import actions, names, photos, queries, shown
from portal.profiles.forms import NameForm, PhotoForm, ProfileForm
from portal.profiles.policies import STAND_INS
from portal.profiles.signals import profile_opened, reasons

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.core.access import Viewer
    from portal.people.models import Person

bp = Blueprint("profiles", __name__)
PHOTO_KEPT = "private, max-age=86400"


@bp.get("/people/me")
def mine() -> ResponseReturnValue:
    """One's own page."""
    return redirect(url_for(".person", public_id=viewer().public_id))


@bp.get("/people/<public_id>")
@public
def person(public_id: str) -> ResponseReturnValue:
    """A person as this viewer may see them; to visitors, who shows nothing publicly is like nobody."""
    who = viewer()
    try:
        found = queries.person_for(who, public_id)
    except Missing:
        kept = kept_behind(public_id)
        if kept is not None and queries.can_meet(who, kept):
            return redirect(url_for(".person", public_id=kept.public_id), 301)
        if who.is_member:
            raise
        return redirect(url_for("accounts.sign_in", next=request.path))
    if who.is_member and not who.is_person(found.id):
        profile_opened.send(None, viewer=who, person_id=found.id)
    return _page(found, who)


@bp.get("/settings/profile/as/<any(visitor, member, 'same-kind', connection, staff):who>")
def view_as(who: str) -> ResponseReturnValue:
    """One's own page exactly as somebody else gets it."""
    me = person_by_id(me_id())
    stand_in = STAND_INS[who](viewer())
    return _page(me, stand_in, looks_as=who, hidden=not queries.can_meet(stand_in, me))


@bp.get("/settings/profile/as/person")
@limited("search")
def view_as_person() -> ResponseReturnValue:
    """One's own page exactly as one other member gets it, by name; nobody else's page is ever shown by this."""
    me, name = person_by_id(me_id()), " ".join(request.args.get("name", "").split())[:120]
    other = queries.named(viewer(), name)
    if other is None:
        say(f"Nobody whom you can meet has exactly the name “{name}”." if name else "Write a name.", "warn")
        return redirect(url_for(".view_as", who="member"))
    who = viewer_of(other.id)
    return _page(me, who, looks_as="person", hidden=not queries.can_meet(who, me), named=other.full_name)


@bp.get("/settings")
def first() -> ResponseReturnValue:
    """Settings begin with the first of their pages."""
    return redirect(url_for(".edit"))


@bp.route("/settings/profile", methods=["GET", "POST"])
def edit() -> ResponseReturnValue:
    """Every field with who sees it."""
    me = person_by_id(me_id())
    form = ProfileForm() if request.method == "POST" else ProfileForm.of(me, queries.profile_of(me, viewer()))
    if form.validate_on_submit() and form.attempt(lambda: _save(me, form)):
        say("Saved.")
        return redirect(url_for(".person", public_id=me.public_id))
    return _edit_page(form), 422 if form.is_submitted() else 200


@bp.route("/settings/profile/name", methods=["GET", "POST"])
def name() -> ResponseReturnValue:
    """Another name, and who may know the old ones."""
    me = person_by_id(me_id())
    form = NameForm()
    if form.validate_on_submit() and form.attempt(lambda: _change_name(me, form)):
        say("This is your name now, everywhere.")
        return redirect(url_for(".name"))
    me = person_by_id(me_id())
    former = queries.former_names_for(viewer(), me.id)
    page = render_template("profiles/name.html", form=form, person=me, former=former)
    return page, 422 if form.is_submitted() else 200


@bp.post("/settings/profile/name/<public_id>/<any(members, only_me):audience>")
def show_name(public_id: str, audience: str) -> ResponseReturnValue:
    """All members may know a former name; or nobody."""
    former = queries.own_former_name(me_id(), public_id)
    names.show_former_name(former, audience, by=viewer())
    say(f"Who knew you as {former.name} finds you now." if audience == "members" else "Only you know it now.")
    return redirect(url_for(".name"))


@bp.post("/settings/profile/name/<public_id>/remove")
def remove_name(public_id: str) -> ResponseReturnValue:
    """A former name goes for good."""
    names.forget_former_name(queries.own_former_name(me_id(), public_id), by=viewer())
    say("The name is gone.")
    return redirect(url_for(".name"))


@bp.route("/settings/profile/photo", methods=["GET", "POST"])
@reads_first
def photo() -> ResponseReturnValue:
    """A photo, or another one."""
    form = PhotoForm()
    if form.validate_on_submit() and form.attempt(lambda: _take_photo(form)):
        say("This is your photo now.")
        return redirect(url_for(".photo"))
    me = person_by_id(me_id())
    page = render_template("profiles/photo.html", form=form, person=me)
    return page, 422 if form.is_submitted() else 200


@bp.post("/settings/profile/photo/remove")
def remove_photo() -> ResponseReturnValue:
    """Initials again."""
    actions.remove_photo(person_by_id(me_id()), by=viewer())
    say("Your photo is gone; your initials are shown instead.")
    return redirect(url_for(".photo"))


@bp.get("/photos/<key>")
@public
def photo_file(key: str) -> ResponseReturnValue:
    """The photo of somebody whom the viewer may meet, if it is for them."""
    queries.photo_for(viewer(), key)
    response = make_response(photos.photo_bytes(key))
    response.content_type = photos.TYPE
    response.headers["Cache-Control"] = PHOTO_KEPT
    response.set_etag(key)
    return response.make_conditional(request)


def _page(found: Person, who: Viewer, *, looks_as: str = "", hidden: bool = False, named: str = "") -> str:
    profile = queries.profile_of(found, who)
    return render_template(
        "profiles/person.html", profile=profile, person=found, who=who, looks_as=looks_as, hidden=hidden, named=named,
        times=shown.times(profile, setting("host_name")), stays=shown.stays(profile),
        own=who.is_person(found.id), missing=shown.invitations(profile) if who.is_person(found.id) else [],
        view_as=shown.VIEW_AS, reasons=_reasons(who, found, looks_as), link_words=shown.link_words,
        bond=bond_with(who, found.id) if _meets(who, found, looks_as) else None,
    )  # fmt: skip


def _reasons(who: Viewer, found: Person, looks_as: str) -> list[str]:
    return [sentence for ask in reasons for sentence in ask(who, found.id)] if _meets(who, found, looks_as) else []


def _meets(who: Viewer, found: Person, looks_as: str) -> bool:
    """Whether a member looks at somebody else, with their own eyes."""
    return bool(not looks_as and who.is_member and not who.is_person(found.id))


def _edit_page(form: ProfileForm) -> str:
    me = person_by_id(me_id())
    return render_template("profiles/edit.html", form=form, person=me, who_is_who=shown.WHO_IS_WHO)


def _save(me: Person, form: ProfileForm) -> bool:
    by = viewer()
    if (form.full_name.data, form.call_name.data) != (me.full_name, me.call_name):
        rename(me, form.full_name.data or "", form.call_name.data or "", by=by)
    actions.edit_profile(me, form.shown, by=by)
    return True


def _change_name(me: Person, form: NameForm) -> bool:
    names.change_name(
        me, form.full_name.data or "", form.call_name.data or "", old_for=form.old_for.data, by=viewer()
    )  # fmt: skip
    return True


def _take_photo(form: PhotoForm) -> bool:
    """Slow work first, then the transaction; a file for which nothing was written goes again."""
    with closing(getattr(form.picture.data, "stream", None) or BytesIO()) as picture:
        key = photos.keep_photo(picture, form.part.data, float(form.share.data))
    try:
        begin()
        actions.set_photo(person_by_id(me_id()), key, form.audience.data, by=viewer())
    except BaseException:
        photos.drop_photo(key)
        raise
    return True
