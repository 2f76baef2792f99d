"""The rows of work that waits, runs, is done or was given up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Model

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"


class Job(Model):
    """One piece of work; `failed` ones are the dead letters that an admin sees."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_next", "state", "priority", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    args: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default=QUEUED)
    priority: Mapped[int] = mapped_column(SmallInteger)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int]
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[str | None] = mapped_column(String(43))
    unique_key: Mapped[str | None] = mapped_column(String(200), unique=True)  # held only until a worker begins
    progress: Mapped[int | None] = mapped_column(SmallInteger)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]


class PeriodicJob(Model):
    """When a recurring job is due next; whoever moves the date forward queues the job."""

    __tablename__ = "periodic_job"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    next_at: Mapped[datetime]
    last_at: Mapped[datetime | None]
