"""The company's list of advocates, from a file."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.advocates import actions
from portal.core.access import system_viewer
from portal.core.db import unit_of_work
from portal.core.errors import DomainError


@click.command("invite-advocates")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def invite_advocates(file: Path) -> None:
    """Invite the members in FILE (one address a line) to opt in; others become nominations. Nobody is opted in by it."""
    try:
        with unit_of_work():
            asked, unknown = actions.invite_members(file.read_text(encoding="utf-8").splitlines(), by=system_viewer())
    except DomainError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{len(asked)} members are invited to opt in; {len(unknown)} others are nominated.")
