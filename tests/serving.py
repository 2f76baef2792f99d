"""Servers that tests talk to, each in a thread of its own."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from socketserver import BaseServer

LOOKS_UP = 0.02  # seconds; by itself a server notices only after half a second that it shall stop


@contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """The server answers meanwhile."""
    thread = threading.Thread(target=server.serve_forever, args=(LOOKS_UP,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
