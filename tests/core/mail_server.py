"""A mail server in a process of its own: it writes down each mail before it says that it has it, and answers slowly.

`python -m tests.core.mail_server PORT FILE [SECONDS]` - one line of JSON a mail; addresses that begin with "refused" are
refused for good, those that begin with "later" for now.
"""

from __future__ import annotations

import asyncio
import json
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class Ledger:
    """What arrived, in the order of arrival."""

    def __init__(self, path: Path, pause: float) -> None:
        self.file, self.pause = path.open("a"), pause

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Take the address, or say why not."""
        if address.startswith("refused"):
            return "550 5.1.1 no such user"
        if address.startswith("later"):
            return "450 4.2.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Write it down, wait, say that it is here: who is killed meanwhile never hears it."""
        message = message_from_bytes(envelope.content, policy=default)
        line = {"to": envelope.rcpt_tos[0], "id": str(message["Message-ID"]), "from": envelope.mail_from}
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
        await asyncio.sleep(self.pause)
        return "250 OK"


def serve(port: int, path: Path, pause: float = 0.0) -> None:
    """Take mail until the process ends."""

    async def run() -> None:
        ledger = Ledger(path, pause)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(ledger, hostname="test", loop=loop), "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(run())


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0)
