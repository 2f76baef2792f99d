"""News: items, what came of them, and boards that hold the comments on something."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WORDS = "news_fts"
SECTION = "(home_url = '') = (section_id IS NOT NULL)"


def upgrade() -> None:
    """Boards and topics may belong to a page; then the tables of news."""
    op.add_column("topic", sa.Column("home_url", sa.String(length=120), nullable=False, server_default=""))
    with op.batch_alter_table("board") as table:
        table.add_column(sa.Column("home_url", sa.String(length=60), nullable=False, server_default=""))
        table.alter_column("section_id", existing_type=sa.Integer(), nullable=True)
        table.create_check_constraint(op.f("ck_board_section"), sa.text(SECTION))
    _make_items()
    _make_what_came_of_them()
    _make_words()


def _make_items() -> None:
    op.create_table(
        "news_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("lead", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("has_comments", sa.Boolean(), nullable=False),
        sa.Column("ask", sa.String(length=6), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("link_label", sa.String(length=60), nullable=False),
        sa.Column("link_url", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("publisher_id", sa.Integer(), nullable=True),
        sa.Column("held_because", sa.String(length=300), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("board_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction", sa.String(length=300), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=300), nullable=False),
        sa.Column("mailing", sa.String(length=6), nullable=False),
        sa.Column("mail_cursor", sa.Integer(), nullable=False),
        sa.Column("mail_count", sa.Integer(), nullable=False),
        sa.Column("mail_figures", sa.JSON(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reader_count", sa.Integer(), nullable=False),
        sa.Column("answer_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("ask IN ('', 'choice', 'words', 'link')", name=op.f("ck_news_item_ask")),
        sa.CheckConstraint("mailing IN ('', 'going', 'sent')", name=op.f("ck_news_item_mailing")),
        sa.CheckConstraint("state IN ('draft', 'scheduled', 'published', 'withdrawn')", name=op.f("ck_news_item_state")),
        sa.CheckConstraint("state NOT IN ('published','withdrawn') OR board_id IS NOT NULL", name=op.f("ck_news_item_board")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_news_item_author_id")),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_news_item_board_id")),
        sa.ForeignKeyConstraint(["publisher_id"], ["person.id"], name=op.f("fk_news_item_publisher_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_news_item_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_item")),
        sa.UniqueConstraint("public_id", name=op.f("uq_news_item_public_id")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_news_item_topic_id")),
    )
    op.create_index(op.f("ix_news_item_author_id"), "news_item", ["author_id"])
    op.create_index(op.f("ix_news_item_board_id"), "news_item", ["board_id"])
    op.create_index(op.f("ix_news_item_publisher_id"), "news_item", ["publisher_id"])
    op.create_index(op.f("ix_news_item_state_published_at"), "news_item", ["state", "published_at", "id"])
    op.create_index(op.f("ix_news_item_state_updated_at"), "news_item", ["state", "updated_at", "id"])


def _make_what_came_of_them() -> None:
    op.create_table(
        "news_place",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_news_place_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_news_place")),
    )
    op.create_table(
        "news_answer",
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["news_id"], ["news_item.id"], name=op.f("fk_news_answer_news_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_news_answer_person_id")),
        sa.PrimaryKeyConstraint("news_id", "person_id", name=op.f("pk_news_answer")),
    )
    op.create_index(op.f("ix_news_answer_person_id"), "news_answer", ["person_id"])
    op.create_table(
        "news_delivery",
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["news_id"], ["news_item.id"], name=op.f("fk_news_delivery_news_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_news_delivery_person_id")),
        sa.PrimaryKeyConstraint("news_id", "person_id", name=op.f("pk_news_delivery")),
    )
    op.create_index(op.f("ix_news_delivery_person_id"), "news_delivery", ["person_id"])
    op.create_table(
        "news_reader",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["news_id"], ["news_item.id"], name=op.f("fk_news_reader_news_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_news_reader_person_id")),
        sa.PrimaryKeyConstraint("person_id", "news_id", name=op.f("pk_news_reader")),
    )
    op.create_index(op.f("ix_news_reader_news_id"), "news_reader", ["news_id"])
    op.create_table(
        "news_revision",
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("lead", sa.String(length=400), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["news_id"], ["news_item.id"], name=op.f("fk_news_revision_news_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("news_id", "version", name=op.f("pk_news_revision")),
    )


def _make_words() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE VIRTUAL TABLE {WORDS} USING fts5(body, tokenize='unicode61 remove_diacritics 2', prefix='2 3')")
        return
    tsv = "tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED"
    op.execute(f"CREATE TABLE {WORDS} (id bigint PRIMARY KEY, body text NOT NULL, tsv {tsv})")
    op.execute(f"CREATE INDEX ix_{WORDS}_tsv ON {WORDS} USING gin (tsv)")


def downgrade() -> None:
    """What was commented is gone; its comments stay readable to the same people, on boards under a heading of their own."""
    op.execute(f"DROP TABLE {WORDS}")
    for name in ("news_revision", "news_reader", "news_place", "news_delivery", "news_answer", "news_item"):
        op.drop_table(name)
    heading = "SELECT id FROM board_section WHERE name = 'Comments on news'"
    op.execute(
        "INSERT INTO board_section (name, position) SELECT 'Comments on news', 99"
        f" WHERE EXISTS (SELECT 1 FROM board WHERE section_id IS NULL) AND NOT EXISTS ({heading})"
    )
    with op.batch_alter_table("board") as table:
        table.drop_constraint(op.f("ck_board_section"), type_="check")
    op.execute(f"UPDATE board SET section_id = ({heading}) WHERE section_id IS NULL")
    with op.batch_alter_table("board") as table:
        table.alter_column("section_id", existing_type=sa.Integer(), nullable=False)
        table.drop_column("home_url")
    with op.batch_alter_table("topic") as table:
        table.drop_column("home_url")
