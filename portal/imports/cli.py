"""`portal import`: the same work as the pages do, at the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext

from portal.core.access import system_viewer
from portal.core.db import unit_of_work
from portal.core.errors import DomainError
from portal.imports import actions, queries, reading, steps
from portal.imports.report import WORDS, as_csv, summary
from portal.imports.staging import look
from portal.people.actions import ensure_system

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.imports.models import Import
    from portal.imports.reading import Choices, Source

ID = click.argument("import_id")


@click.group("import")
def import_group() -> None:
    """Bring people in from files, and take them back."""


@import_group.command("people")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(["employee", "customer", "partner"]), help="The bond that its rows speak of.")
@click.option("--source", default="", help="What you call the place that it comes from.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day that the file speaks of.")
@click.option("--system", default="", help="Whose ids these are.")
@click.option("--encoding", default="", help="When it was not recognised rightly.")
@click.option("--delimiter", default="", help="When it was not recognised rightly.")
@click.option("--sheet", default="", help="Which sheet of a workbook.")
@click.option("--date-order", type=click.Choice(["ymd", "dmy", "mdy"]), help="How its dates are written.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write what becomes of each row here.")
@click.option(
    "--announce", is_flag=True, help="Invite those whose last day at the host lies ahead, as on the page for leavers."
)
@click.option("--apply", "do_it", is_flag=True, help="Do it. Without this nothing is changed.")
@with_appcontext
def people(file: Path, report: Path | None, do_it: bool, **options: Any) -> None:
    """Say what importing FILE would do, row by row; with --apply, do it."""
    with told():
        imported = _take_in(file, options)
        run(lambda: steps.plan(imported.id), "Reading")
        imported = _fresh(imported)
        if imported.state == "refused":
            raise click.ClickException(imported.problem)
        if do_it:
            _apply(imported)
        _tell(_fresh(imported), report)


@import_group.command("apply")
@ID
@with_appcontext
def apply(import_id: str) -> None:
    """Apply what was planned, or go on where it was broken off."""
    with told():
        _apply(queries.one(import_id))
        _tell(queries.one(import_id), None)


@import_group.command("undo")
@ID
@with_appcontext
def undo(import_id: str) -> None:
    """Take an import back whole; what was edited since is kept."""
    with told():
        imported = queries.one(import_id)
        if imported.state != "undoing":
            with unit_of_work():
                actions.begin_undo(queries.one(import_id), by=system_viewer())
        run(lambda: steps.undo(imported.id), "Taking back")
        click.echo(summary(_fresh(imported)))


@import_group.command("list")
@with_appcontext
def list_command() -> None:
    """The newest imports."""
    for each in queries.imports().items:
        click.echo(f"{each.public_id}  {each.created_at:%Y-%m-%d}  {WORDS[each.state]:12} {each.rows:>7}  {each.name}")


def run(work: Callable[[], Iterator[int]], label: str) -> None:
    """Do the steps with a bar."""
    with click.progressbar(length=100, label=label, show_pos=False) as bar:
        run_steps(work, lambda percent: bar.update(max(0, percent - bar.pos)))
        bar.update(100 - bar.pos)


def run_steps(work: Callable[[], Iterator[int]], tell: Callable[[int], object] = lambda percent: None) -> None:
    """Do the steps one by one, each kept by itself, as a worker does."""
    steps = iter(work())
    while True:
        with unit_of_work():
            percent = next(steps, None)
        if percent is None:
            return
        tell(percent)


class told:  # noqa: N801 - reads as a word: with told()
    """What stops a command is one clear sentence."""

    def __enter__(self) -> None:
        with unit_of_work():
            ensure_system()

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, DomainError):
            raise click.ClickException(error.message) from None


def _take_in(file: Path, options: dict[str, Any]) -> Import:
    by = system_viewer()
    source = reading.inspect(file, file.name)
    with unit_of_work():
        imported = actions.start_import(file, file.name, source, by=by)
    choices = reading.Choices.from_dict(imported.choices)
    chosen = {
        name: options[name] for name in ("encoding", "delimiter", "sheet", "date_order", "system") if options[name]
    }
    with unit_of_work():
        if chosen:
            source = look(imported, replace(choices, **chosen))
            actions.read_anew(imported, source, by=by)
            choices = source.choices
        as_of: date = options["as_of"].date() if options["as_of"] else imported.as_of
        kind, name = options["kind"] or imported.kind, options["source"] or imported.source
        actions.choose(imported, choices, kind=kind, source=name, as_of=as_of, announce=options["announce"], by=by)
    _show(source, choices)
    return imported


def _show(source: Source, choices: Choices) -> None:
    """Encoding, delimiter and columns are shown, never silently guessed."""
    sure = "" if source.encoding_sure else f" (a guess; it may be {', '.join(source.encodings)}: --encoding)"
    click.echo(
        f"Read as {choices.format} {source.layout and f'of {source.layout} '}in {choices.encoding or 'its own'}{sure}"
    )
    if choices.delimiter:
        click.echo(f"Delimiter {choices.delimiter!r}{'' if source.delimiter_sure else ' (a guess: --delimiter)'}")
    for column in source.columns:
        if column.meaning != "ignore":
            click.echo(f"  {column.name or '(no name)'} → {column.meaning}{'' if column.sure else ' (a guess)'}")
    for sentence in source.notes:
        click.echo(sentence)


def _apply(imported: Import) -> None:
    if imported.state != "applying":
        with unit_of_work():
            actions.begin_apply(queries.by_id(imported.id), by=system_viewer())
    run(lambda: steps.apply(imported.id), "Applying")


def _fresh(imported: Import) -> Import:
    return queries.by_id(imported.id)


def _tell(imported: Import, report: Path | None) -> None:
    click.echo(summary(imported))
    if report is not None:
        with report.open("w", encoding="utf-8", newline="") as file:
            file.writelines(as_csv(imported.id))
        click.echo(f"What becomes of each row is in {report}.")
    if imported.state == "planned":
        click.echo(f"Nothing was changed. Do it with `portal import apply {imported.public_id}`.")
    elif imported.state == "applied":
        click.echo(f"Take it back with `portal import undo {imported.public_id}`.")
