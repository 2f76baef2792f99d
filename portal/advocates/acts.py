"""The acts that come with the portal, and the words by which a member agrees to each; the host edits both."""

from __future__ import annotations

from typing import NamedTuple

FRAME = """\
{what}

- You are asked each time, with the brief in front of you, and you may say no without a reason.
- Before anybody calls on you, we ask whether you are happy and whether it suits.
- Never more often than the limits on your page, nor on days that you leave out.
- {data}
- You can take this back with one click. It works at once, for what is planned too.
"""
NAME_AND_FIRM = (
    "Your name, your firm and how to reach you go to the one person named in the brief, once you have said yes."
)


class Given(NamedTuple):
    """An act as it comes with the portal."""

    key: str
    name: str
    icon: str
    is_call: bool
    meaning: str
    what: str
    data: str = NAME_AND_FIRM

    @property
    def wording(self) -> str:
        """What a member agrees to."""
        return FRAME.format(what=self.what, data=self.data)


ACTS = (
    Given("reference_call", "Reference call", "telephone", True,
          "You talk with somebody who thinks of buying, for about half an hour.",
          "I am willing to be asked to talk on the phone or by video with somebody who thinks of buying from the host,"
          " for about half an hour, about what I know from my own work."),
    Given("site_visit", "Site visit", "geo-alt", True,
          "Somebody comes to see how it works at your place.",
          "I am willing to be asked whether somebody who thinks of buying may visit my place of work, as far as my"
          " employer allows it."),
    Given("quote", "Quote", "chat-quote", False,
          "A sentence or two under your name, which you read before it appears.",
          "I am willing to be asked for a sentence or two that the host may show under my name.",
          "Nothing appears before you have read it as it will stand, with name, title and firm; it comes down when"
          " you say so."),
    Given("case_study", "Case study", "file-earmark-text", False,
          "The story of what you did together, told with you and approved by you.",
          "I am willing to be asked to tell, for publication, the story of what we did together.",
          "You approve the text before it appears; it comes down when you say so."),
    Given("review", "Review", "star", False,
          "You write an honest review on a site where buyers read them.",
          "I am willing to be asked for an honest review on a public site, in my own words, whatever they are.",
          "What you write is yours, and nobody rewards a kind word."),
    Given("talk", "Talk", "mic", False,
          "You speak at an event of the host or with its people.",
          "I am willing to be asked to speak at an event."),
    Given("introduction", "Introduction", "people", False,
          "You bring two people together who should know each other.",
          "I am willing to be asked to introduce somebody of the host to somebody I know.",
          "The host writes to nobody before you have made the introduction."),
    Given("referral", "Referral", "signpost-2", False,
          "You point to somebody who may need what the host does.",
          "I am willing to be asked whether I know somebody who may need what the host does.",
          "The host writes to nobody whom you name before they agreed."),
    Given("mentoring", "Mentoring a prospect", "compass", True,
          "You go along with somebody who is new to it, for a few conversations.",
          "I am willing to be asked to go along with somebody who is new to what the host sells, for a few"
          " conversations."),
)  # fmt: skip
