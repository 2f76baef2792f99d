"""The operator's commands: serve, worker, up, backup, restore, doctor."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click
from flask.cli import ScriptInfo, with_appcontext

from portal.core import processes
from portal.core.jobs import run_worker
from portal.core.processes import on_first_start, sign_in_help

__all__ = ["COMMANDS", "on_first_start", "sign_in_help"]
STOPPED = "One of the processes stopped by itself; its last lines are above."
HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")


@click.command("serve")
@HOST
@click.pass_obj
def serve(info: ScriptInfo, host: str) -> None:
    """Run the web server (gunicorn)."""
    app = info.load_app()
    processes.WebServer(app.config["PORTAL"], host, app).run()


@click.command("worker")
@click.option("--threads", default=2, show_default=True, help="Jobs done at the same time.")
@click.option("--poll", default=1.0, show_default=True, help="Seconds between two looks for work.")
@click.pass_obj
def worker(info: ScriptInfo, threads: int, poll: float) -> None:
    """Do the work that waits: mail, notifications, imports, recurring jobs."""
    run_worker(info.load_app(), poll=poll, threads=threads)


@click.command("up")
@HOST
@click.pass_obj
def up(info: ScriptInfo, host: str) -> None:
    """Start everything for development: tables, a made-up community, web server and worker."""
    app = info.load_app()
    config = app.config["PORTAL"]
    if config.is_production:
        raise click.ClickException("`portal up` is for development; run `portal serve` and `portal worker`.")
    if processes.is_taken(host, config.port):
        raise click.ClickException(f"Port {config.port} is taken. Choose another one with PORTAL_PORT.")
    with app.app_context():
        lines = processes.prepare()

    def say(is_ready: bool) -> None:
        click.echo("\n".join(["", f"Open {config.base_url}", *lines, "Stop with Ctrl-C.", ""]) if is_ready else STOPPED)

    web, work = processes.WebServer(config, host, app).run, partial(run_worker, app)
    sys.exit(processes.run_together(web, work, f"http://{host}:{config.port}", say))


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Save the database and the uploads into FILE (a .tar.gz), while the portal runs."""
    from portal.core import backup as backups
    from portal.core.database_copy import BackupError

    try:
        manifest = backups.backup(file)
    except (BackupError, OSError) as error:
        raise click.ClickException(str(error)) from error
    size = file.stat().st_size / 1024 / 1024
    click.echo(f"Saved {file}: the database and {len(manifest.checksums) - 1} files, {size:.1f} MB.")
    if manifest.uploads != "here":
        click.echo(f"Uploads are {manifest.uploads}.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the data that is there.")
@with_appcontext
def restore(file: Path, force: bool) -> None:
    """Put the backup FILE in place. Stop the web server and the worker first."""
    from portal.core import backup as backups
    from portal.core.database_copy import BackupError

    try:
        manifest = backups.restore(file, force=force)
    except (BackupError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored the state of {manifest.made_at}. Now run `portal db upgrade`, then `portal doctor`.")


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Look whether this deployment is well, and say what to do where it isn't."""
    from portal.core.doctor import examine

    problems = 0
    for finding in examine():
        mark = "ok  " if not finding.todo else ("hint" if finding.is_hint else "BAD ")
        click.echo(f"{mark}  {finding.name}{': ' + finding.todo if finding.todo else ''}")
        problems += finding.is_problem
    click.echo("All is well." if not problems else f"{problems} to look after.")
    sys.exit(1 if problems else 0)


COMMANDS: tuple[click.Command, ...] = (serve, worker, up, backup, restore, doctor)
