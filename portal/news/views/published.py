"""After publishing: figures, answers, corrections, taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.boards.grants import readable_boards
from portal.boards.shown import audience_words
from portal.core.application import begin, reads_first
from portal.core.web import say, viewer
from portal.news import actions, queries, shown
from portal.news.cooking import cook
from portal.news.forms import CorrectForm, WithdrawForm
from portal.news.queries.desk import FEW
from portal.news.views import desk_bp as bp
from portal.people.queries import group_names

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.news.models import NewsItem

WORDS = ("title", "lead", "body", "version")


@bp.get("/<public_id>/figures")
def figures(public_id: str) -> ResponseReturnValue:
    """What came of an item: mails, readers, answers; under five answers no shares (A9)."""
    item = queries.any_item(public_id)
    if item.state in ("draft", "scheduled"):
        return redirect(url_for(".edit", public_id=public_id))
    said = queries.open_answers(item, after=request.args.get("after"), before=request.args.get("before"))
    return render_template(
        "news/figures.html", item=item, mails=item.mail_figures or {}, shares=shown.shares(queries.sharings(item), FEW), few=FEW, said=said,
        audience=audience_words(item.board_id or 0, group_names()), url=_readable_url(item),
    )  # fmt: skip


@bp.route("/<public_id>/correct", methods=["GET", "POST"])
@reads_first
def correct(public_id: str) -> ResponseReturnValue:
    """Say it right, with a mark and without another mail."""
    item = queries.any_item(public_id)
    form = CorrectForm(data={name: getattr(item, name) for name in WORDS})
    html = form.attempt(lambda: cook(form.body.data or "")) if form.validate_on_submit() else None
    if html is None:
        return _correcting(item, form), 422 if form.is_submitted() else 200
    begin()
    if not form.succeeds(lambda: _correct(public_id, form, html)):
        return _correcting(queries.any_item(public_id), form), 422
    say("Corrected. The note stands over the text; nobody gets another mail.")
    return redirect(url_for(".figures", public_id=public_id))


@bp.route("/<public_id>/withdraw", methods=["GET", "POST"])
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take an item back."""
    item, form = queries.any_item(public_id), WithdrawForm()
    if form.validate_on_submit():
        actions.withdraw(item, form.because.data or "", by=viewer())
        say("It is taken back. Whoever opens it reads why; mails that still waited are not sent.")
        return redirect(url_for(".figures", public_id=public_id))
    return render_template("news/withdraw.html", item=item, form=form), 422 if form.is_submitted() else 200


def _correct(public_id: str, form: CorrectForm, html: str) -> None:
    words = {name: form[name].data or "" for name in ("title", "lead", "body", "note")}
    actions.correct(queries.any_item(public_id), **words, version=form.version.data or 0, by=viewer(), html=html)


def _correcting(item: NewsItem, form: CorrectForm) -> str:
    if form.version.errors:
        form.version.raw_data, form.version.data = None, item.version
    return render_template("news/correct.html", item=item, form=form)


def _readable_url(item: NewsItem) -> str:
    """Where its readers see it, for a writer who is one of them."""
    there = item.state == "published" and item.board_id in readable_boards(viewer())
    return shown.item_url(item) if there else ""
