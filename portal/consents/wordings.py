"""The wordings that come with the portal: short, plain, and about this portal; the host replaces them by its own."""

from __future__ import annotations

import re

TERMS = """\
These are the rules between you and the host of this portal. They are short on purpose.

## Your account

- It belongs to you, not to any employer. It does not end when you change or leave a job.
- It is for you alone: one person, one account, under your own name.
- Keep an address of your own in it, so that you can always get in.
- You can step back at any time, without asking anybody; to have the account erased, write to the people who run
  the portal.

## How we treat each other

- Write as you would speak to a colleague who is in the room. Criticism is welcome, of the host too.
- No insults, no threats, nothing unlawful, no advertising where nobody asked for it.
- What is told inside stays inside: don’t publish what others wrote here without their yes.
- Don’t collect other people’s details in bulk, and don’t use them for anything they did not agree to.

## What moderators do

- A moderator may take down what breaks these rules. You are told the reason, and you can object;
  somebody else decides then.
- Suspensions have a reason, an end and an appeal. There is no hidden demotion.

## What you write

It stays yours. You let the portal show it to the people whom you chose to show it to, as long as it is here.

## What the host owes you

Care, but no guarantee that the portal is always there. If these rules change, you are asked before they bind you.
"""

PRIVACY = """\
This is what the portal knows about you, why, and what you can do about it.

## What is kept

- **Who you are**: your name, your addresses, your time with the host or as its customer or partner. Part of it
  came from the host’s own records; you see all of it in your profile.
- **What you choose to add**: your career, photo and profile, each field with the audience that you set.
- **What you write**: posts, messages and answers, seen by those they are meant for. Private messages are read by
  their participants only; a moderator sees just the ones that a participant reports.
- **What keeps the account safe**: sign-ins, devices and changes, with the network address they came from, for
  90 days at most.

## What is not done

- Your addresses and phone numbers are shown to nobody unless you say so.
- Nothing is sold, and no outside service measures what you read.
- What you say on boards is never used to score you for sales or for hiring.

## Why it may be kept

To give you the account that you asked for, and because host and members have an interest in staying in touch
safely. For anything beyond that you are asked first, and you can take your yes back at any time.

## What you can do

See and correct everything in your profile and settings, and step back, each yourself, at once. For a copy of
all of it, for erasing your account, and for questions and objections, write to the people who run the portal; the
imprint says how to reach them. You may also complain to the authority for data protection where you live.
"""

IMPRINT = """\
This portal is run by the company named at the foot of each page and each mail, at the postal address given there.

An admin of the portal can replace this page by the full particulars that the law of your country asks for: the legal
form, who represents the company, register and number, and how to reach the person responsible for data protection.
"""


def _flowing(text: str) -> str:
    """Paragraphs without the line ends of this file, which would be line breaks on the page."""
    return re.sub(r"(?<=\S)\n\s*(?=[^\s\-#])", " ", text)


WORDINGS = {
    "terms": ("Terms of use", _flowing(TERMS)),
    "privacy": ("Privacy", _flowing(PRIVACY)),
    "imprint": ("Imprint", _flowing(IMPRINT)),
}
