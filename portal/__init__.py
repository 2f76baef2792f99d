"""The alumni portal: one company's house for the people who leave it."""

from portal.app import create_app

__all__ = ["create_app"]
