"""Exit 0 when the web process on this machine is ready to serve; asks under the name that people type."""

import os
import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit


def is_ready() -> bool:
    """Whether `/readyz` answers 200."""
    host = urlsplit(os.environ.get("PORTAL_BASE_URL", "http://localhost:8000")).netloc
    connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORTAL_PORT", "8000")), timeout=4)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_ready() else 1)
