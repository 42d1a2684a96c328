"""The server for one's own browser: whom it answers, what it says of itself, and how it ends."""

import contextlib
import http.client
import socket
import threading
from urllib.parse import urlsplit

import pytest

from deckbuilder.problems import UsageError
from deckbuilder.serving import Answer, not_found, serving, text, type_of

PATIENCE = 10
EVERYWHERE = "0.0.0.0"  # noqa: S104 - to see that it is refused
PAGES = {"/index.html": b"<!doctype html>Owls", "/assets/page.js": b"hoot()", "/grün & 100%.html": b"green"}


def pages(request):
    body = PAGES.get(request.path)
    return not_found() if body is None else Answer(body, type_of(request.path))


@pytest.fixture
def served():
    with serving(pages, port=0) as server:
        yield urlsplit(server.url)


def said(address, raw):
    """What the server says to these bytes, up to its end: status and everything."""
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                answer += piece
    return answer.decode("latin-1")


def asked(address, host, path="/index.html", method="GET", more=""):
    named = f"Host: {host}\r\n" if host is not None else ""
    return said(address, f"{method} {path} HTTP/1.1\r\n{named}{more}Connection: close\r\n\r\n".encode())


@contextlib.contextmanager
def opened(address, path):
    """The answer to a browser, to be read as it comes."""
    with contextlib.closing(http.client.HTTPConnection(address.hostname, address.port, timeout=PATIENCE)) as connection:
        connection.request("GET", path)
        yield connection.getresponse()


# ------------------------------------------------------------------ whom it answers


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_a_request_under_a_name_of_this_computer_is_answered(served, name):
    answer = asked(served, f"{name}:{served.port}")
    assert answer.startswith("HTTP/1.1 200 ")
    assert answer.endswith("Owls")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:{port}",
        "evil.example",
        "localhost",
        "127.0.0.1:1",
        "localhost.evil.example:{port}",
        "127.0.0.1.nip.io:{port}",
        "192.168.1.7:{port}",
        "localhost:{port}:{port}",
        "",
        None,
    ],
)
def test_a_request_under_any_other_name_is_refused(served, host):
    answer = asked(served, host and host.format(port=served.port))
    assert answer.startswith("HTTP/1.1 403 ")
    assert "Owls" not in answer


def test_two_names_at_once_are_refused(served):
    good = f"localhost:{served.port}"
    assert asked(served, good, more="Host: evil.example\r\n").startswith("HTTP/1.1 403 ")


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.168.1.7", "example.org"])
def test_others_may_connect_only_where_that_is_meant(host):
    with pytest.raises(UsageError, match="other computers"), serving(pages, host=host, port=0):
        pass


def test_where_others_may_connect_a_name_that_is_not_of_this_computer_is_refused_still():
    with serving(pages, host=EVERYWHERE, port=0, exposed=True) as server:
        address = urlsplit(server.url)
        assert address.hostname == "127.0.0.1"
        for name in ("192.168.1.7", socket.gethostname(), "localhost"):
            assert asked(address, f"{name}:{address.port}").startswith("HTTP/1.1 200 "), name
        assert asked(address, f"evil.example:{address.port}").startswith("HTTP/1.1 403 ")


# ------------------------------------------------------------------ what it answers


def test_no_other_site_may_read_frame_or_run_what_is_answered(served):
    answer = asked(served, f"localhost:{served.port}")
    for header in (
        "Cache-Control: no-store",
        "Cross-Origin-Resource-Policy: same-origin",
        "Referrer-Policy: no-referrer",
        "X-Content-Type-Options: nosniff",
        "Content-Type: text/html; charset=utf-8",
    ):
        assert f"{header}\r\n" in answer
    (policy,) = (line for line in answer.split("\r\n") if line.startswith("Content-Security-Policy: "))
    assert "default-src 'none'; script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "Access-Control-Allow-Origin" not in answer
    assert "Python" not in answer


def test_a_path_is_a_name_and_no_way_on_the_disk(served):
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%5c..%5cboot.ini", "//etc/passwd", "/%00"):
        assert asked(served, f"localhost:{served.port}", path).startswith("HTTP/1.1 404 "), path
    for path in ("/%ff", "http://evil.example/index.html", "*"):
        assert asked(served, f"localhost:{served.port}", path).startswith("HTTP/1.1 400 "), path


def test_names_of_any_letters_are_found(served):
    with opened(served, "/gr%C3%BCn%20%26%20100%25.html?query") as answer:
        assert answer.read() == b"green"


def test_a_connection_serves_several_requests(served):
    connection = http.client.HTTPConnection(served.hostname, served.port, timeout=PATIENCE)
    for path, body in (("/index.html", b"<!doctype html>Owls"), ("/assets/page.js", b"hoot()")):
        connection.request("GET", path)
        assert connection.getresponse().read() == body
    connection.request("HEAD", "/index.html")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Length"), answer.read()) == (200, "19", b"")
    connection.close()


def test_types_are_the_same_on_every_computer():
    assert type_of("page.js") == "text/javascript; charset=utf-8"
    assert type_of("media/Owl.SVG") == "image/svg+xml"
    assert type_of("birds.apkg") == "application/octet-stream"


def test_only_the_methods_of_a_page_are_answered(served):
    for method in ("POST", "PUT", "OPTIONS", "BREW"):
        answer = asked(served, f"localhost:{served.port}", method=method)
        assert answer.startswith("HTTP/1.1 405 ")
        assert "Allow: GET, HEAD" in answer


def test_what_changes_something_comes_from_a_page_that_was_served_here():
    saved = []

    def save(request):
        saved.append(request.body)
        return text("saved")

    with serving(save, port=0, methods=("GET", "HEAD", "POST")) as server:
        address = urlsplit(server.url)
        host = f"127.0.0.1:{address.port}"
        body = "Content-Length: 5\r\nOrigin: {}\r\nConnection: close\r\n\r\nmasks"
        for origin in ("https://evil.example", "null", f"http://evil.example:{address.port}"):
            raw = f"POST /save HTTP/1.1\r\nHost: {host}\r\n{body.format(origin)}"
            assert said(address, raw.encode()).startswith("HTTP/1.1 403 ")
        assert asked(address, host, "/save", "POST").startswith("HTTP/1.1 403 ")
        assert saved == []
        raw = f"POST /save HTTP/1.1\r\nHost: {host}\r\n{body.format(f'http://{host}')}"
        assert said(address, raw.encode()).startswith("HTTP/1.1 200 ")
        for length in ("", "Content-Length: 99999999999\r\n", "Content-Length: -1\r\n"):
            raw = f"POST /save HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n{length}\r\n"
            assert said(address, raw.encode()).startswith("HTTP/1.1 413 ")
        assert saved == [b"masks"]


def test_a_body_that_nobody_reads_is_not_taken_for_the_next_request(served):
    host = f"localhost:{served.port}"
    smuggled = f"GET /assets/page.js HTTP/1.1\r\nHost: {host}\r\n\r\n"
    raw = f"GET /index.html HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(smuggled)}\r\n\r\n{smuggled}"
    assert said(served, raw.encode()).count("HTTP/1.1 ") == 1


@pytest.mark.parametrize("raw", [b"\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 70_000, b""])
def test_what_is_no_request_disturbs_nobody(served, raw, capsys):
    said(served, raw)
    assert asked(served, f"localhost:{served.port}").startswith("HTTP/1.1 200 ")
    assert capsys.readouterr().err == ""


def test_a_long_answer_keeps_nobody_waiting():
    go_on = threading.Event()

    def pieces():
        yield b"first "
        go_on.wait(PATIENCE)
        yield b"last"

    def handler(request):
        return Answer(pieces(), "text/plain") if request.path == "/long" else text("short")

    with serving(handler, port=0) as server, opened(urlsplit(server.url), "/long") as long:
        assert long.read(6) == b"first "
        with opened(urlsplit(server.url), "/short") as short:
            assert short.read() == b"short\n"
        go_on.set()
        assert long.read() == b"last"


def test_a_mistake_in_a_handler_is_told_and_the_next_request_answered(capsys):
    def handler(request):
        return text("fine") if request.path == "/fine" else {}["owl"]

    with serving(handler, port=0) as server:
        address = urlsplit(server.url)
        assert asked(address, f"localhost:{address.port}", "/").startswith("HTTP/1.1 500 ")
        assert asked(address, f"localhost:{address.port}", "/fine").startswith("HTTP/1.1 200 ")
    assert "KeyError: 'owl'" in capsys.readouterr().err


# ---------------------------------------------------------------------------- ports


def test_the_next_free_port_is_taken_unless_one_was_named():
    with serving(pages) as first, serving(pages) as second:
        one, two = urlsplit(first.url).port, urlsplit(second.url).port
        assert one < two
        with pytest.raises(UsageError, match=f"port {one} is in use: .*--port"), serving(pages, port=one):
            pass
    with serving(pages, port=one) as again:
        assert urlsplit(again.url).port == one


@pytest.mark.parametrize("port", [70_000, -1])
def test_a_port_that_cannot_be_is_told(port):
    with pytest.raises(UsageError, match="--port"), serving(pages, port=port):
        pass


def test_waiting_ends_when_a_page_says_so():
    with serving(pages, port=0) as server:
        threading.Timer(0.1, server.stop).start()
        server.wait()
