"""`python -m benchmarks.newsroom`: what telling everybody costs: the request that publishes, and the mails written by its job."""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from benchmarks import seed, site
from benchmarks.bare import application as bare
from portal.app import create_app
from portal.boards.actions import post_reply
from portal.boards.models import Topic
from portal.config import Config
from portal.core import clock
from portal.core.access import system_viewer, viewer_of
from portal.core.db import db
from portal.core.outbox import OutboxMail
from portal.news import actions
from portal.news.models import NewsItem
from portal.news.sending import send_mails
from portal.organisations.actions import create_host
from portal.people.actions import ensure_system
from portal.people.models import PersonRole

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from portal.core.application import Portal

EVERYBODY = ({"relation_kind": "any", "phase": "any"},)
ITEMS, COMMENTS, WRITER = 300, 60, 3


def fill() -> None:
    """Three hundred items for everybody, the newest with three pages of comments."""
    dice, by = random.Random(7), make_writer(WRITER)  # noqa: S311 - the same words every time
    for number in range(ITEMS):
        item = draft(f"News number {number} of the yard", dice, by)
        actions.publish(item, by_mail=False, by=by)
    topic = db.session.execute(select(Topic).where(Topic.id == item.topic_id)).scalar_one()
    for _ in range(COMMENTS):
        post_reply(topic, seed.sentence(dice), by=by)
    db.session.commit()


def make_writer(person_id: int) -> Any:
    """Let somebody post for the host."""
    db.session.execute(insert(PersonRole).values(person_id=person_id, role="staff", granted_at=clock.now()))
    db.session.commit()
    return viewer_of(person_id)


def draft(title: str, dice: random.Random, by: Any) -> NewsItem:
    """An item of some length, ready to be published to everybody."""
    words = {
        "title": title, "lead": seed.sentence(dice), "body": "\n\n".join(seed.sentence(dice) for _ in range(12)),
        "has_comments": True, "ask": "choice", "question": "Will you come?", "choices": ["Yes", "No"], "link_label": "", "link_url": "",
    }  # fmt: skip
    item = actions.begin_draft(by=by)
    actions.save_draft(item, words, EVERYBODY, 1, by=by)
    return item


def measure(app: Portal, readers: int) -> None:
    """Publish once to so many readers, then write their mails."""
    dice = random.Random(7)  # noqa: S311 - the same community every time
    ensure_system()
    host = create_host("Kestrel & Lowe", by=system_viewer())
    db.session.commit()
    first = seed._people(dice, readers, host.id, seed._firms(dice))  # noqa: SLF001
    by = make_writer(first)
    items = [draft(f"Published number {number}", dice, by) for number in range(6)]
    db.session.commit()
    seed.analyze()
    client = _signed_in(app, seed.session(first))
    db.session.commit()
    took = sorted(_publish(client, item, by_mail=number == 5) for number, item in enumerate(items))
    least = sorted(_ask(bare.test_client()) for _ in range(200))[100]
    print(
        f"publishing: {took[3] * 1000:.1f} ms of CPU; the bare view in this process, without a server: {least * 1000:.2f}"
    )
    began, steps = time.monotonic(), 0
    for _ in send_mails(items[5].id):
        db.session.commit()
        steps += 1
    db.session.commit()
    spent, peak = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    count, size = db.session.execute(
        select(func.count(), func.sum(func.length(OutboxMail.text) + func.length(OutboxMail.html)))
    ).one()
    print(f"{count:,} mails queued in {spent:.1f} s, {steps} steps: {count / spent:,.0f} a second; {size / count / 1024:.1f} kB a mail; "
          f"at most {peak} MB")  # fmt: skip


def _publish(client: FlaskClient, item: NewsItem, *, by_mail: bool) -> float:
    page = client.get(f"/news/desk/{item.public_id}/send").get_data(as_text=True)
    form = {name: page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0] for name in ("csrf_token", "once_key")}
    form |= {"version": str(item.version), "when": "now"} | ({"by_mail": "y"} if by_mail else {})
    began = time.process_time()
    answer = client.post(f"/news/desk/{item.public_id}/send", data=form)
    assert answer.status_code == 302, answer.status_code
    return time.process_time() - began


def _ask(client: FlaskClient) -> float:
    began = time.process_time()
    client.get("/")
    return time.process_time() - began


def _signed_in(app: Portal, token: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def main() -> None:
    """Measure on one database."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.newsroom", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--readers", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, site.database(options.database, Path(folder)) as url:
        config = Config(secret_key="bench " * 8, database_url=url, data_dir=folder, limits="off", log_format="json")
        app = create_app(config)
        with app.app_context():
            db.create_all()
            measure(app, options.readers)
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
