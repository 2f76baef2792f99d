"""Every write to the boards, one subject a file."""

from portal.boards.actions.comments import (
    board_of_comments,
    end_comments,
    move_comments,
    open_comments,
    retitle_comments,
)
from portal.boards.actions.keeping import lock_topic, move_topic, pin_topic, set_post_state
from portal.boards.actions.posts import answer_held, bring_back_post, edit_post, post_reply, thank, withdraw_post
from portal.boards.actions.reading import follow, keep_refused, mark_board_read, reached, save_draft, saw_board
from portal.boards.actions.sections import edit_section, remove_section
from portal.boards.actions.setup import appoint, create_board, create_section, dismiss, edit_board, set_audience
from portal.boards.actions.topics import retitle_topic, start_topic

__all__ = [
    "answer_held", "appoint", "board_of_comments", "end_comments", "move_comments", "open_comments", "retitle_comments",
    "bring_back_post", "create_board", "create_section", "dismiss", "edit_board", "edit_post",
    "edit_section", "follow", "keep_refused", "lock_topic",
    "mark_board_read", "move_topic", "pin_topic", "post_reply", "reached", "remove_section", "retitle_topic", "save_draft", "saw_board",
    "set_audience", "set_post_state", "start_topic", "thank", "withdraw_post",
]  # fmt: skip
