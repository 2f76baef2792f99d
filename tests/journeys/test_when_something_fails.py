"""What people see when something is not there, not theirs, over, too large or too quick: a page that says what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make

MB = 1024 * 1024


def look(one: Any, name: str, status: int, words: str, on: str = "Go to the front page") -> None:
    """The page says so, in all looks, and offers a way on."""
    one.sees(words, on)
    assert one.status == status, one.page.url
    found = one.look_all_ways(name)
    assert not found, "\n".join(found)


def test_what_is_not_there_not_yours_or_over(someone: Callable[..., Any], make: Make) -> None:
    ada = make.member()
    topic = make.topic(author=ada)
    post = make.reply(topic, ada)
    one = someone(ada)
    look(one.go("/nothing-here"), "404", 404, "There is nothing behind this door")
    look(one.go(f"/report/post/{post.public_id}"), "403", 403, "This door is closed to you")
    look(someone().go("/claim/used-up-long-ago"), "410", 410, "This was here once", on="Sign in")


def test_what_is_too_large_or_too_quick(someone: Callable[..., Any], make: Make) -> None:
    one = someone(make.member())
    one.go("/settings/profile/photo").page.set_input_files(
        "[name=picture]", {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 10 * MB}
    )
    look(one.press("Use this picture"), "413", 413, "That is too large")
    for _ in range(200):
        if one.context.request.get("/search?q=scales").status == 429:
            break
    look(one.go("/search?q=scales"), "429", 429, "A little too quick")
