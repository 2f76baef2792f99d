"""The first admin, and the last one, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from portal.accounts import actions
from portal.core.access import system_viewer
from portal.core.db import unit_of_work
from portal.core.errors import DomainError
from portal.core.mail import link
from portal.people.actions import ensure_system

if TYPE_CHECKING:
    from collections.abc import Callable


@click.command("create-admin")
@click.argument("name")
@click.argument("address")
@with_appcontext
def create_admin(name: str, address: str) -> None:
    """Make NAME an admin who signs in with ADDRESS, and print a link that signs in once.

    The host and the wordings are set up on the way. Whoever has this address already becomes an admin too.
    """
    where = _link_of(lambda: actions.create_admin(name, address, by=system_viewer()))
    click.echo("Open this link within ten minutes. It works once, and asks you to set up a second step:")
    click.echo(where)


@click.command("break-glass")
@click.argument("address")
@click.option("--because", required=True, help="Why; all admins read it, and the audit log keeps it.")
@with_appcontext
def break_glass(address: str, because: str) -> None:
    """Let an admin in who is locked out, by any ADDRESS the account has or had, and print a link that signs in once.

    For the day one admin is left. Their second step goes, and every admin is told.
    """
    where = _link_of(lambda: actions.break_glass(address, because, by=system_viewer()))
    click.echo("All admins are told. Open this link within ten minutes; it works once, and asks for a new second step:")
    click.echo(where)


def _link_of(make: Callable[[], str]) -> str:
    """Do it in one transaction; the link that signs in with the secret it made, or its refusal in a sentence."""
    try:
        with unit_of_work():
            ensure_system()
            return link("accounts.link", token=make())
    except DomainError as error:
        raise click.ClickException(error.message) from None
