"""A file is taken in, understood, and looked at row by row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.accounts.fresh import ask_again
from portal.core import clock
from portal.core import jobs as queue
from portal.core.application import begin, reads_first
from portal.core.errors import Missing
from portal.core.settings import get as setting
from portal.core.web import say, take_files, viewer
from portal.imports import actions, choosing, invitees, queries, reading, steps
from portal.imports.forms import ChooseForm, UploadForm, sheets
from portal.imports.policies import can_import
from portal.imports.reading import ENCODINGS, MEANINGS, Choices
from portal.imports.report import COUNTED, OUTCOMES, WORDS
from portal.imports.staging import look

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.imports.models import Import
    from portal.imports.reading import Source

bp = Blueprint("imports", __name__, url_prefix="/admin/imports")
TOO_LARGE = "A list may have up to {} MB. Split it, or use `portal import people`."


@bp.url_value_preprocessor
def allow_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A list of people may be larger than other uploads."""
    if endpoint == "imports.upload" and viewer().has_role("admin"):
        take_files(setting("import_megabytes"), TOO_LARGE.format(setting("import_megabytes")))


@bp.before_request
def only_admins() -> ResponseReturnValue | None:
    """Nobody else learns of these pages; an admin shows again who they are from time to time."""
    if not can_import(viewer()):
        raise Missing("There is no such page, or it is not for you.")
    return ask_again(setting("admin_minutes"))


@bp.get("")
def index() -> ResponseReturnValue:
    """All imports, and a place for the next file."""
    return _index(UploadForm(formdata=None))


@bp.post("")
@reads_first
def upload() -> ResponseReturnValue:
    """Take a file in."""
    form = UploadForm()
    imported = form.attempt(lambda: _take_in(form)) if form.validate_on_submit() else None
    if imported is None:
        return _index(form), 422
    return redirect(url_for(".choose", public_id=imported.public_id))


@bp.get("/<public_id>/read")
def choose(public_id: str) -> ResponseReturnValue:
    """How the file is read, what its columns mean, what its rows speak of."""
    imported = _open(public_id)
    source = look(imported)
    return _choices(imported, source, ChooseForm(formdata=None, data=choosing.values(imported, source)))


@bp.post("/<public_id>/read")
@reads_first
def read(public_id: str) -> ResponseReturnValue:
    """Look at it again in another way, or begin the dry run."""
    imported = _open(public_id)
    form = ChooseForm(data=choosing.as_read(imported))
    done = form.attempt(lambda: _read(imported, form)) if form.validate_on_submit() else None
    if done is None:
        return _choices(queries.one(public_id), look(imported), form), 422
    return redirect(url_for(f".{done}", public_id=public_id))


@bp.get("/<public_id>")
def one(public_id: str) -> ResponseReturnValue:
    """An import: how far it is, what becomes of each row and why."""
    imported, outcome = queries.one(public_id), request.args.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    page = queries.report(imported, outcome, after=request.args.get("after"), before=request.args.get("before"))
    return render_template("imports/import.html", imported=imported, page=page, outcome=outcome, outcomes=OUTCOMES,
                           nouns=COUNTED, words=WORDS, invite=invitees.invite_page(imported))  # fmt: skip


def _take_in(form: UploadForm) -> Import:
    name = Path((form.file.data.filename or "").replace("\\", "/")).name
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        form.file.data.save(path)
        form.file.data.close()
        found = reading.inspect(path, name)
        begin()
        return actions.start_import(path, name, found, by=viewer())


def _open(public_id: str) -> Import:
    """An import whose file can still be read."""
    imported = queries.one(public_id)
    if not imported.file_key or imported.state not in ("uploaded", "planned", "refused"):
        raise Missing("This file was read already.")
    return imported


def _read(imported: Import, form: ChooseForm) -> str:
    """Where to go on: to the choices again, because the columns are others now, or to the dry run."""
    before = Choices.from_dict(imported.choices)
    choices, by = choosing.choices_of(form, request.form, before), viewer()
    if choosing.is_read_otherwise(choices, before) or request.form.get("act") == "again":
        found = look(imported, replace(choices, mapping=()) if choosing.is_read_otherwise(choices, before) else choices)
        begin()
        actions.read_anew(queries.by_id(imported.id), found, by=by)
        say("Read anew. Look at the columns once more.", "info")
        return "choose"
    choosing.check_named(choices)
    begin()
    imported = queries.by_id(imported.id)
    day = form.as_of.data or clock.today()
    actions.choose(imported, choices, kind=form.kind.data or "", source=form.source.data or "", as_of=day,
                   announce=form.announce.data, by=by)  # fmt: skip
    queue.enqueue(steps.plan, imported.id)
    return "one"


def _choices(imported: Import, source: Source, form: ChooseForm) -> str:
    form.sheet.choices = sheets(source)
    mapping = Choices.from_dict(imported.choices).mapping
    if form.is_submitted():
        mapping = choosing.choices_of(form, request.form, Choices.from_dict(imported.choices)).mapping
    known = queries.mapping(imported.shape)
    return render_template("imports/choose.html", imported=imported, source=source, form=form, known=known,
                           meanings=list(MEANINGS.items()), columns=choosing.columns(source, mapping),
                           others=[ENCODINGS.get(each, each) for each in source.encodings[:2]])  # fmt: skip


def _index(form: UploadForm) -> str:
    page = queries.imports(after=request.args.get("after"), before=request.args.get("before"))
    return render_template("imports/index.html", page=page, form=form, words=WORDS, nouns=COUNTED,
                           questions=queries.has_questions())  # fmt: skip
