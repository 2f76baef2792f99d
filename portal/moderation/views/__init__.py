"""The pages of moderation, for members and for moderators."""

from flask import Blueprint

bp = Blueprint("moderation", __name__)

from portal.moderation.views import appeals, cases, members, queue, seconds  # noqa: E402 - they need the blueprint

__all__ = ["appeals", "bp", "cases", "members", "queue", "seconds"]
