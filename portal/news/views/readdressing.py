"""Who sees a published item: chosen, looked at in numbers, and only then changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.careers.audiences import audience_of, in_words, segment_sizes, ticked
from portal.core.errors import Conflict
from portal.core.web import say, viewer
from portal.news import actions, queries, recipients
from portal.news.forms import ReaddressForm
from portal.news.views import desk_bp as bp
from portal.people.queries import group_names, groups

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.news.models import NewsItem


@bp.route("/<public_id>/audience", methods=["GET", "POST"])
def readdress(public_id: str) -> ResponseReturnValue:
    """Choose another audience; the first click says who gains and who loses sight, the second one does it."""
    item = queries.any_item(public_id)
    if item.state != "published":
        raise Conflict("Only what is published needs this. The audience of a draft is changed where it is written.")
    form = ReaddressForm(data={"version": item.version})
    form.offer(groups())
    if not form.is_submitted():
        form.tick(ticked(audience_of(line) for line in item.audience))
        return _page(item, form)
    known = form.validate() and form.succeeds(lambda: actions.check_audience(item, form.lines, form.version.data or 0))
    if not known:
        return _page(item, form), 422
    if request.form.get("act") != "change" or form.shown.data != _shown(form):
        return _page(item, form, looked=True)
    actions.change_audience(item, form.lines, form.version.data or 0, by=viewer())
    say("Changed. Nobody gets a mail because of it.")
    return redirect(url_for(".figures", public_id=public_id))


def _shown(form: ReaddressForm) -> str:
    """What was looked at: boxes ticked after that are looked at first."""
    return repr(form.lines)


def _page(item: NewsItem, form: ReaddressForm, *, looked: bool = False) -> str:
    before, after = [audience_of(line) for line in item.audience], [audience_of(line) for line in form.lines]
    form.shown.raw_data, form.shown.data = None, _shown(form) if looked else ""
    if not looked:
        form.version.raw_data, form.version.data = None, item.version
    names = group_names()
    return render_template(
        "news/readdress.html", item=item, form=form, sizes=segment_sizes(), before=in_words(before, names),
        after=in_words(after, names), turn=recipients.turn(before, after) if looked else None,
    )  # fmt: skip
