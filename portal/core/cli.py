"""The `portal` command."""

from __future__ import annotations

import sys

import click
from flask.cli import FlaskGroup, with_appcontext

from portal import config as configuration
from portal.core import ops, parts
from portal.core.db import unit_of_work


def _create() -> object:
    from portal.app import create_app

    return create_app()


@click.group(cls=FlaskGroup, create_app=_create, add_default_commands=False, add_version_option=False)
def portal() -> None:
    """The alumni portal: run it, look after it."""


@portal.command("settings")
def settings_command() -> None:
    """List the deployment settings (PORTAL_* variables)."""
    click.echo(configuration.table())


@portal.command("routes")
@with_appcontext
def routes_command() -> None:
    """List every page and whether visitors may see it."""
    from flask import current_app

    for rule in sorted(current_app.url_map.iter_rules(), key=str):
        mark = "public" if getattr(current_app.view_functions[rule.endpoint], "is_public", False) else ""
        click.echo(
            f"{mark:7} {','.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'})):10} {rule} {rule.endpoint}"
        )


@portal.command("reindex")
@with_appcontext
def reindex_command() -> None:
    """Write all search indexes anew: after an upgrade that finds by more than before."""
    for each in parts.every("reindexing"):
        last, done = 0, False
        while not done:
            with unit_of_work():
                last = each.some(last)
                done = last == 0
        click.echo(f"{each.what}: written anew")


for command in ops.COMMANDS:
    portal.add_command(command)


def main() -> None:
    """Run a command; what stops a start is one clear sentence."""
    try:
        configuration.load()
        portal()
    except configuration.ConfigError as error:
        sys.exit(f"portal: {error}")
