"""The pages of imports: for admins in the back office, and one for members whom a file speaks of."""

from __future__ import annotations

from portal.imports.views.files import bp
from portal.imports.views.suggested import bp as suggested_bp

from portal.imports.views import questions, running  # isort: skip

__all__ = ["bp", "questions", "running", "suggested_bp"]
