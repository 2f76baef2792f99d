"""Jobs, mail and the self-check: what was given up is tried again here, visibly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from portal.admin.queries import machinery as queries
from portal.core import doctor, jobs, repairs
from portal.core.web import say, viewer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("machinery", __name__)


@bp.get("/jobs")
def work() -> ResponseReturnValue:
    """How the queue is doing, and what was given up."""
    page = queries.dead_jobs(after=request.args.get("after"), before=request.args.get("before"))
    return render_template(
        "admin/jobs.html", health=jobs.health(), page=page, waiting=queries.waiting_jobs(),
        recurring=queries.recurring_jobs(),
    )  # fmt: skip


@bp.post("/jobs/<int:job_id>/retry")
def retry(job_id: int) -> ResponseReturnValue:
    """Try a job that was given up once more."""
    repairs.retry_job(job_id, by=viewer())
    say("It is tried again now.")
    return redirect(url_for(".work"))


@bp.get("/mail")
def mail() -> ResponseReturnValue:
    """Mails that failed or of which nobody knows; and by choice all others."""
    state = request.args.get("state", "")
    states = (state,) if state in queries.STATES else queries.OPEN_STATES
    page = queries.mails(states, after=request.args.get("after"), before=request.args.get("before"))
    return render_template(
        "admin/mail.html", page=page, state=state, counts=queries.mail_counts(), states=queries.STATES,
        late=doctor.late_mail(),
    )  # fmt: skip


@bp.post("/mail/<int:mail_id>/again")
def send_again(mail_id: int) -> ResponseReturnValue:
    """Send a mail once more."""
    repairs.send_mail_again(mail_id, by=viewer())
    say("It is sent again now.")
    return redirect(url_for(".mail"))


@bp.post("/mail/<int:mail_id>/let-be")
def let_be(mail_id: int) -> ResponseReturnValue:
    """Nothing more is needed."""
    repairs.let_mail_be(mail_id, by=viewer())
    say("Let be.")
    return redirect(url_for(".mail"))


@bp.get("/self-check")
def self_check() -> ResponseReturnValue:
    """Is this deployment well?"""
    return render_template("admin/self_check.html", findings=list(doctor.examine()))
