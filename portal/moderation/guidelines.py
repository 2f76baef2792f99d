"""The rules of the house: a text that admins may change, with the closed list of reasons beside it."""

from __future__ import annotations

from portal.core import settings
from portal.core.markdown import render
from portal.core.memory import Memory

DEFAULT = """\
This house belongs to people who once worked together, bought from each other or built things side by side. \
Most of us like meeting again. These rules keep it that way.

## What we ask

- **Argue about the matter, never about the person.** You may be angry. You may not be cruel.
- **Leave out what is not yours to tell**: other people's private lives, and what you promised to keep confidential.
- **Say it once, where it belongs.** Offers go to the boards that are meant for them.
- **Nothing against the law**, no spam, nothing that pretends to be what it is not.

## What you may always do

**Criticise the company.** Hard words about decisions, products, pay or the way people were let go are welcome here. \
No moderator can remove a post for that: it is not on the list of reasons.

## How moderation works

- Any member can report a post. A moderator reads it, oldest report first.
- Three reports by different members hide a post until a moderator has looked. What a moderator has looked at and \
left standing is not hidden again by reports alone.
- Whoever is moderated is told what, by which rule and what can be done. There are no hidden punishments: you always \
see the state of your own posts.
- Every decision stands in the moderation log, without names and without text. You can appeal for 30 days, and \
somebody else decides.
- A moderator who works for the company can remove spam and what is against the law. Everything else they remove \
waits, hidden for at most 72 hours, for a moderator who doesn't work there.
- Nobody moderates their own case. Pausing an account for more than seven days takes two people.
"""
_rendered: Memory[str, str] = Memory(2)


def text() -> str:
    """The rules as HTML, rendered once a wording."""
    words: str = settings.get("guidelines")
    return _rendered.get(words, lambda: render(words))
