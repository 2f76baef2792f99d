"""The boards' pages."""

from flask import Blueprint

bp = Blueprint("boards", __name__)

from portal.boards.views import boards, posts, topics, writing  # noqa: E402  (they add their pages to the blueprint)

__all__ = ["boards", "bp", "posts", "topics", "writing"]
