"""What the page in the copy calls things: the words of the portal's pages, not the names of columns."""

from __future__ import annotations

from typing import Any

from portal.careers.models import AUDIENCE_WORDS

TITLES = {
    "person": "You", "mail": "What we mailed to you", "audit": "What was done, by you and about you",
    "people": "Roles, groups, connections, blocks", "careers": "Your career",
    "consents": "What you agreed to", "accounts": "Addresses, ways in, devices", "notifications": "Notifications",
    "profiles": "Your profile", "directory": "Profiles you read", "boards": "On the boards", "messages": "Hellos",
    "news": "News you read and answered", "advocates": "Your favours and limits", "asks": "What was asked of you",
    "referrals": "What you referred", "moderation": "Decisions and reports", "imports": "What files said of you",
    "digests": "Weekly letters", "leavers": "Your exit, as announced",
    "memorials": "Said to have died", "watch": "How you read profiles", "home": "Your front page", "rights": "What you asked for about your data",
}  # fmt: skip
NAMES = {
    "public_id": "In web addresses", "full_name": "Name", "call_name": "What you are called", "created_at": "Noted",
    "claimed_at": "Account taken", "timezone": "Time zone", "theme": "Light or dark", "shortcuts": "Keyboard shortcuts",
    "to_address": "To", "sent_at": "Sent", "message_id": "Number of the mail", "audience": "Who sees it",
    "worked_with": "Firms worked with", "site": "Place or site", "moved_on": "From which day", "declared_at": "Told", "norm": "As we compare it",
    "verified_at": "Confirmed", "retired_at": "Ended with the work", "removed_at": "Removed", "changed_at": "Changed",
    "used_at": "Used", "issuer": "Provider", "asked_at": "Asked", "ended_at": "Ended",
    "ip": "Network address", "opened_at": "Opened", "last_used_at": "Last used", "url": "Page", "updated_at": "Last changed",
    "read_at": "Read", "query": "Looks for", "body": "Text", "answered_at": "Answered", "at": "When",
    "own_calls": "Most calls you want", "rest_days": "Days of rest", "starts_on": "From", "ends_on": "Until",
    "check_ins": "Check-ins", "raised_at": "Raised", "closed_at": "Closed", "closed_because": "Why it was closed",
    "looked_at": "Who looked at your record", "asked_of_me": "Asked of you", "asked_by_me": "Asked by you",
    "outside": "Outside the portal", "by_date": "Needed by", "outcome_note": "About the outcome",
    "asker_feedback": "What the asker said", "advocate_feedback": "What the advocate said", "contact_name": "Whom",
    "has_credit": "Has the credit", "verb": "What was done", "reversed_at": "Taken back", "reversed_because": "Why it was taken back",
    "appeal_state": "How the appeal went", "appeal_answer": "Answer to the appeal", "imported_rows": "Lines of files",
    "applied_at": "Brought in", "seen_on": "As of", "record": "What it said", "made_at": "Written", "expires_at": "Kept until",
    "merged_at": "Joined", "undone_at": "Made two again", "due_at": "Due", "called_off_at": "Called off",
    "work_address": "Address at work", "own_address": "Your own address", "letters": "Letters sent",
    "announced_at": "Announced", "proposed_at": "Said", "noticed_at": "Noticed",
    "deeds": "Line by line", "by": "By whom", "blocks": "Whom you blocked", "given_at": "Given",
    "thanks_given": "Thanks you gave", "topics_read": "Topics you read, follow or mute", "read_up_to": "Up to post",
    "boards_read": "Boards you read", "boards_kept": "Boards you keep", "seen_at": "Looked at", "read_until": "All read until",
}  # fmt: skip
# What means one thing in a mail and another beside a sign-in.
BY_SECTION = {"accounts": {"subject": "Its number for you"}}


def name_of(key: str, section: str = "") -> str:
    """What pages call a value, in this section."""
    return BY_SECTION.get(section, {}).get(key) or NAMES.get(key) or key.replace("_", " ").capitalize()


def value_of(key: str, value: Any) -> Any:
    """A value in words, where it is one of a list."""
    if key == "audience":
        return AUDIENCE_WORDS.get(value, value)
    return name_of(value) if key == "field" else value
