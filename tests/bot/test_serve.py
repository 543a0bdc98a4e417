"""What an operator reads when the program cannot start."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def _start(folder: Path, port: int, **settings: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOTONG_")}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "run"],
        cwd=ROOT,
        env=kept | settings | {"SOTONG_DATA": str(folder), "SOTONG_PORT": str(port)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_port_that_is_taken_is_said_in_one_line_without_a_trace(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = _start(tmp_path, port)

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.splitlines()[-1] == (
        f"Error: 127.0.0.1:{port} cannot be listened on: is sotong running already? "
        "Stop it, or set SOTONG_PORT to another number."
    )


class _Refusing(BaseHTTPRequestHandler):
    """A Bot API that knows no bot."""

    def do_POST(self) -> None:
        """Answer as Telegram does to a wrong token."""
        said = b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
        """Say nothing."""


@contextmanager
def _refusing_api() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_token_that_telegram_does_not_know_is_said_in_one_line_without_the_token(tmp_path: Path) -> None:
    with _refusing_api() as api:
        ended = _start(tmp_path, 0, SOTONG_TELEGRAM_TOKEN="123:s3cret", SOTONG_TELEGRAM_API_URL=api)

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "s3cret" not in ended.stdout + ended.stderr
    assert ended.stderr.splitlines()[-1] == (
        "Error: Telegram does not know the token in SOTONG_TELEGRAM_TOKEN: copy it anew from @BotFather"
    )
