"""The bare view that every page is measured beside: another Flask application, the same server."""

from flask import Flask

application = Flask("bare")


@application.get("/")
def hello() -> str:
    """The least a Flask view can do."""
    return "hello"
