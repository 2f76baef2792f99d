"""Every write to the news, one subject a file."""

from portal.news.actions.correcting import correct, withdraw
from portal.news.actions.drafts import begin_draft, save_draft, send_trial, throw_away
from portal.news.actions.feeds import close_feed, open_feed
from portal.news.actions.publishing import check_ready, publish, schedule, unschedule
from portal.news.actions.readdressing import change_audience, check_audience
from portal.news.actions.reading import answer, opened, saw_news

__all__ = [
    "answer", "begin_draft", "change_audience", "check_audience", "check_ready", "close_feed", "open_feed",
    "correct", "opened", "publish", "save_draft", "saw_news", "schedule",
    "send_trial",
    "throw_away", "unschedule", "withdraw",
]  # fmt: skip
