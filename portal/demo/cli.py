"""`portal demo`: load the made-up community, or show a code to sign in with."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.core.db import unit_of_work
from portal.core.errors import DomainError
from portal.demo import load, sign_ins


@click.group("demo", invoke_without_command=True)
@click.option("--seed", default=load.SEED, show_default=True, help="The same seed makes the same community.")
@click.pass_context
@with_appcontext
def demo(context: click.Context, seed: int) -> None:
    """Fill the empty database with a made-up community, and say how to sign in."""
    if context.invoked_subcommand:
        return
    try:
        with unit_of_work():
            load.load(seed)
    except DomainError as error:
        sys.exit(f"portal: {error}")
    click.echo("\n".join(sign_ins.help_lines(current_app.config["PORTAL"].base_url)))


@demo.command("code")
@click.argument("address")
@with_appcontext
def code(address: str) -> None:
    """The code that this address's authenticator would show now."""
    if current_app.config["PORTAL"].is_production:
        sys.exit("portal: codes are shown in development only.")
    found = sign_ins.code_for(address)
    sys.exit(f"portal: {address} has no authenticator here.") if found is None else click.echo(found)
