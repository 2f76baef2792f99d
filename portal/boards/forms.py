"""The shape of what people send to the boards."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import DataRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from portal.core.forms import MarkdownField, PortalForm


class ReplyForm(PortalForm):
    """A reply to a topic."""

    body = MarkdownField("Your reply", low=2)
    official = BooleanField("Answer for the company")


class TopicForm(PortalForm):
    """A new topic with its first post."""

    title = StringField(
        "Title",
        [
            DataRequired("Give the topic a title."),
            Length(min=5, max=200, message="A title has between 5 and 200 characters."),
        ],
    )
    body = MarkdownField("Your post", low=2)


class EditForm(PortalForm):
    """A post written anew; `version` is the one that was being edited."""

    title = StringField("Title", [Length(max=200)])
    body = MarkdownField("Your post", low=2)
    version = IntegerField("Version", [NumberRange(min=1)], widget=HiddenInput())


class LevelForm(PortalForm):
    """Follow, mute, or neither."""

    level = HiddenField("Level")
