"""What news do by the clock: publish what is due."""

from __future__ import annotations

from datetime import timedelta

from portal.core.access import system_viewer, viewer_of
from portal.core.errors import Invalid, NotAllowed
from portal.core.jobs import periodic
from portal.news import actions, queries
from portal.news.models import NewsItem


@periodic("news.publish_due", every=timedelta(minutes=1))
def publish_due() -> None:
    """Publish what has its time, for whoever scheduled it; what may not be published now is a draft again, with the reason."""
    for item in queries.due():
        _publish(item)


def _publish(item: NewsItem) -> None:
    try:
        actions.publish(item, by_mail=item.by_mail, by=viewer_of(item.publisher_id or 0))
    except (Invalid, NotAllowed) as held:
        actions.unschedule(item, f"It was not published at its time. {held.message}", by=system_viewer())
