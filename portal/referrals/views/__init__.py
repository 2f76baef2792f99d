"""The pages of referrals: the member's own, the answer to the letter, and the pipeline behind one guard."""

from flask import Blueprint

bp = Blueprint("referrals", __name__, url_prefix="/referrals")
pipeline_bp = Blueprint("pipeline", __name__, url_prefix="/programme/referrals")

from portal.referrals.views import (  # noqa: E402  (they add their pages to the blueprints)
    exporting,
    influence,
    own,
    pipeline,
    question,
    working,
)

__all__ = ["bp", "exporting", "influence", "own", "pipeline", "pipeline_bp", "question", "working"]
