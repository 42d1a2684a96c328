"""Pages for one's own browser: a small web server on this computer, that answers from values in memory.

Any page on the web can make a browser ask a server of this computer. So a request has to name this server as its
host, which one under a stranger's name does not (DNS rebinding); what changes something has to come from a page of
ours; and no other site may read, frame or run what is answered.
"""

import errno
import ipaddress
import os
import re
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import PurePosixPath
from urllib.parse import unquote

from deckbuilder.problems import UsageError

LOOPBACK = "127.0.0.1"
# Where a port is looked for: always the same first, so that an open page finds a server that was started again.
_FIRST_PORT = 8321
_PORTS = 20
_PORT_OF_HTTP = 80
_LARGEST_BODY = 64_000_000
_SECONDS_OF_SILENCE = 60
# What a page may do unless its answer says otherwise: nothing from elsewhere, no script within the page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HTML = "text/html; charset=utf-8"
# Of our own: what a system holds for the type of a script differs from one computer to the next.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".html": HTML,
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wav": "audio/wav",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser asks for. `path` begins with `/` and is decoded; it is a name, never a way on the disk."""

    path: str
    query: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What it gets. A body in pieces is sent as they come, without a length, and ends the connection."""

    body: bytes | Iterable[bytes]
    type: str = HTML
    status: int = HTTPStatus.OK
    policy: str = POLICY


Handler = Callable[[Request], Answer]


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs. `url` ends in `/`; `wait` returns once `stop` was called, or raises KeyboardInterrupt."""

    url: str
    _stopped: threading.Event

    def wait(self) -> None:
        # In pieces: on Windows a wait without end hears no Ctrl-C.
        while not self._stopped.wait(0.5):
            pass

    def stop(self) -> None:
        self._stopped.set()


@contextmanager
def serving(
    handler: Handler,
    *,
    host: str = LOOPBACK,
    port: int | None = None,
    exposed: bool = False,
    methods: Collection[str] = ("GET", "HEAD"),
) -> Iterator[Serving]:
    """Serve what `handler` answers, each request in a thread of its own, as long as the context lasts.

    Without `port` the first free one of a few is taken, with 0 any. `handler` is asked for HEAD as for GET. Other
    `methods` are let through only from pages that were served here. Raises UsageError where it cannot listen, or where
    others could connect and nobody said that this is meant (`exposed`).
    """
    if not exposed and not is_loopback(host):
        raise UsageError(f"{host} lets other computers connect, and it was not said that they may")
    server = _listening(host, port, handler, frozenset(methods))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield Serving(f"http://{_named(host)}:{server.port}/", threading.Event())
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def text(words: str, status: int = HTTPStatus.OK) -> Answer:
    return Answer(f"{words}\n".encode(), _TYPES[".txt"], status)


def not_found() -> Answer:
    return text("There is no such page.", HTTPStatus.NOT_FOUND)


def type_of(name: str) -> str:
    """The media type of a file by its name; what nobody knows is offered for download."""
    return _TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _named(host: str) -> str:
    """A host as an address has it. Where a server listens to all addresses, this computer finds it at its own."""
    named = {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104 - somebody said so
    return f"[{named}]" if ":" in named else named


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    # On Windows this would let two programs listen to one port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, host: str, port: int, handler: Handler, methods: Collection[str]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Connection)
        self.port = int(self.server_address[1])
        self.handler = handler
        self.methods = methods
        self._known = {"localhost", LOOPBACK, "[::1]", _named(host)}
        self._anywhere = not is_loopback(host)

    def is_ours(self, host: str) -> bool:
        """Whether a request that names this host was meant for us; a name that somebody else gave us is not ours.

        To others we have several addresses: numbers cannot be anybody else's, and this computer has a name.
        """
        named = re.fullmatch(r"(.*?)(?::(\d+))?", host.lower())
        if named is None or int(named[2] or _PORT_OF_HTTP) != self.port:
            return False
        own = socket.gethostname().lower()
        return named[1] in self._known or (
            self._anywhere and (_is_number(named[1]) or named[1] in {own, f"{own}.local"})
        )

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser may leave at any time."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _listening(host: str, port: int | None, handler: Handler, methods: Collection[str]) -> _Server:
    for one in range(_FIRST_PORT, _FIRST_PORT + _PORTS) if port is None else (port,):
        try:
            return _Server(host, one, handler, methods)
        except (OSError, OverflowError) as error:
            taken = getattr(error, "errno", None) in {errno.EADDRINUSE, errno.EACCES}
            if port is None and taken:
                continue
            raise UsageError(_why_not(host, one, error)) from error
    last = _FIRST_PORT + _PORTS - 1
    raise UsageError(f"all ports from {_FIRST_PORT} to {last} are in use: name another with --port")


def _why_not(host: str, port: int, error: OSError | OverflowError) -> str:
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return f"port {port} is in use: end the program that has it, or name another with --port (0 for any)"
    reason = getattr(error, "strerror", None) or error
    return f"{host} with port {port} cannot be listened to ({reason}): name another with --host or --port"


class _Connection(BaseHTTPRequestHandler):
    """One connection of a browser."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "deckbuilder"
    sys_version = ""
    timeout = _SECONDS_OF_SILENCE

    def handle_one_request(self) -> None:
        """As inherited, but one way for all methods."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or len(self.raw_requestline) > 65536:  # noqa: PLR2004 - the length of line asked for
            self.close_connection = True
        elif self.parse_request():
            self._send(self._answer())
            self.wfile.flush()

    def _answer(self) -> Answer:
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not self.server.is_ours(hosts[0]):
            return self._refused("This server answers only under its own address.")
        if self.command not in self.server.methods:
            self.close_connection = True
            return text("This cannot be done here.", HTTPStatus.METHOD_NOT_ALLOWED)
        path, _, query = self.path.partition("?")
        try:
            name = unquote(path, errors="strict")
        except UnicodeDecodeError:
            name = ""
        if not name.startswith("/"):
            return text("This is no address.", HTTPStatus.BAD_REQUEST)
        body = b""
        if self.command not in {"GET", "HEAD"}:
            if self.headers.get("Origin") != f"http://{hosts[0]}":
                return self._refused("Only a page of this server may do this.")
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > _LARGEST_BODY:
                self.close_connection = True
                return text("This is too large, or has no length.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            body = self.rfile.read(int(length))
        elif self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers:
            # What nobody reads would be taken for the next request.
            self.close_connection = True
        return self._handled(Request(name, query, body))

    def _refused(self, why: str) -> Answer:
        self.close_connection = True
        return text(why, HTTPStatus.FORBIDDEN)

    def _handled(self, request: Request) -> Answer:
        try:
            return self.server.handler(request)
        except Exception:  # noqa: BLE001 - a bug: it is told where the program runs, and the page hears of it
            sys.excepthook(*sys.exc_info())
            return text("This is a mistake in deckbuilder.", HTTPStatus.INTERNAL_SERVER_ERROR)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", answer.policy)
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        if answer.status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", ", ".join(sorted(self.server.methods)))
        if isinstance(answer.body, bytes):
            self.send_header("Content-Length", str(len(answer.body)))
        else:
            self.close_connection = True
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        if isinstance(answer.body, bytes):
            self.wfile.write(answer.body)
            return
        for piece in answer.body:
            self.wfile.write(piece)

    def log_message(self, *words: object) -> None:
        """Nobody reads of every request."""
