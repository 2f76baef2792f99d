"""What news give to the house."""

from __future__ import annotations

from portal.core.parts import Feature, NavItem, Reindexing
from portal.core.settings import Setting
from portal.news import jobs, letter, policies, queries, recipients
from portal.news.index import index_again
from portal.news.person_data import NewsData
from portal.news.searching import NewsSearch
from portal.news.views import bp, desk_bp
from portal.notifications import kinds

kinds.register(
    kinds.NotificationType(
        recipients.KIND, "News from the company", icon="newspaper", bell=False, order=20,
        hint="What the company tells. On the site they stand under News anyway.",
    )
)  # fmt: skip

FEATURE = Feature(
    name="news",
    blueprints=(bp, desk_bp),
    nav=(NavItem("News", "news.index", "newspaper", 30, prefix=("news.", "newsroom."), badge=queries.unread_count),
         NavItem("Write news", "newsroom.index", "newspaper", 10, shown=policies.can_write, section="day", prefix="newsroom.")),
    person_data=(NewsData(),),
    search_sources=(NewsSearch(),),
    reindexing=(Reindexing("news", index_again),),
    letter_parts=(letter.UnreadNews(),),
    settings=(
        Setting(
            "news_quiet", False, "Quiet period", "News",
            "While it is on, nothing is published, at its time neither. Drafts are kept.",
        ),
        Setting(
            "news_quiet_reason", "", "Why, and until when", "News", "Shown to those who write news during a quiet period.",
            high=240, multiline=True,
        ),
    ),
)  # fmt: skip

__all__ = ["FEATURE", "jobs"]
