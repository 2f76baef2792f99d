"""A report, a decision, an appeal, and somebody else who takes the decision back (M3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.postbox import Postbox

UNKIND = "You are all fools and I mean it."


def test_a_decision_is_told_appealed_and_taken_back(
    someone: Callable[..., Any], make: Make, outbox: Postbox, work: Callable[[], int]
) -> None:
    ann, rob = make.member("Author Ann", address="ann@example.org"), make.member("Reader Rob")
    mo, kim = make.member("Moderator Mo", roles=("moderator",)), make.member("Keeper Kim")
    board = make.board("Trains", moderators=(kim,))
    topic = make.topic(board, author=make.member("Starter Sam"), title="The night train")
    make.reply(topic, ann, UNKIND)

    reader = someone(rob)
    reader.go(f"/topics/{topic.public_id}").sees(UNKIND)
    reader.press("Report", within=f".post:has-text('{UNKIND}')").sees("Report a post")
    reader.fill(reason="attack").press("Send").sees("it has arrived")

    moderator = someone(mo, by="keys")
    moderator.go("/").press("Moderation", within="body").sees("The night train").look_at("queue")
    moderator.press("The night train").sees(UNKIND, "Your decision").look_at("case")
    moderator.fill(verb="hide", reason="attack", words="Say it about the trains, not about the people.")
    moderator.press("Decide and tell").go(f"/topics/{topic.public_id}")
    reader.go(f"/topics/{topic.public_id}").misses(UNKIND)

    author = someone(ann)
    author.go(outbox.link("ann@example.org")).sees("Say it about the trains").look_at("my-standing")
    author.press("Appeal").fill(words="I was quoting the chorus of an old song.").look_at("appeal")
    author.press("Send the appeal").sees("Appeal waits")
    moderator.go("/moderation").sees("Nothing waits").misses("The night train")

    other = someone(kim, by="keys")
    other.go("/moderation").press("The night train").sees("chorus of an old song").look_at("answering")
    other.fill(granted="yes", answer="It is indeed a song.").press("Answer and tell")

    work()
    author.go("/my-standing").sees("Appeal granted", "It is indeed a song.")
    reader.go(f"/topics/{topic.public_id}").sees(UNKIND)
    reader.go("/moderation-log").sees("Hidden", "taken back").misses("Ann", "fools").look_at("moderation-log")
