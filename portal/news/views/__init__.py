"""The pages of news: what members read, and the desk of those who write."""

from flask import Blueprint

from portal.core.errors import Missing
from portal.core.web import viewer
from portal.news import policies

bp = Blueprint("news", __name__, url_prefix="/news")
desk_bp = Blueprint("newsroom", __name__, url_prefix="/news/desk")


@desk_bp.before_request
def only_writers() -> None:
    """For everybody else there is no desk."""
    if not policies.can_write(viewer()):
        raise Missing("There is no such page, or it is not for you.")


from portal.news.views import desk, feeds, published, readdressing, reading, sending  # noqa: E402  (they add their pages to the blueprints)

__all__ = ["bp", "desk", "desk_bp", "feeds", "published", "readdressing", "reading", "sending"]
