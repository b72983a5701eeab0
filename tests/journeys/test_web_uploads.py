"""Uploads to a real server: many at once, from two browsers, and one that is cut off. Nothing lost, nothing doubled."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from activity_files import START, Leg, fit, one_piece
from charley.api import journal as journals
from charley.faces.web import uploads

BOUNDARY = "part-of-a-form"
FILES = 24  # distinct runs


class Server:
    """`charley serve`, and somebody with its cookie and its token."""

    def __init__(self, journal, *words):
        command = [sys.executable, "-m", "charley", "--journal", str(journal), "serve", *words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        address = next(m[0] for line in self.process.stdout if (m := re.search(r"http://\S+", line)))
        parts = urlsplit(address)
        self.host, self.port = parts.netloc, parts.port
        self.cookie = self.ask("GET", parts.path, {})[1].partition(";")[0]
        page = self.ask("GET", "/bring")[2]
        self.token = re.search(r'name="form" value="(\w+)"', page)[1]

    def ask(self, method, path, headers=None, body=None):
        """Status, cookie and body of an answer."""
        sent = {"Cookie": self.cookie, "Origin": f"http://{self.host}"} if headers is None else headers
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)) as connection:
            connection.request(method, path, body, sent | ({"Content-Type": kind()} if body else {}))
            answer = connection.getresponse()
            return answer.status, answer.getheader("set-cookie"), answer.read().decode()

    def send(self, *files):
        status, _, said = self.ask("POST", "/bring", None, form(self.token, *files))
        assert status == 303, said

    def until_read(self, journal):
        """Until everything that was handed over has been read."""
        while journal.with_name("journal.sqlite.incoming").exists():
            self.ask("GET", "/bring")
            time.sleep(0.2)

    def kill(self):
        self.process.kill()
        self.process.wait(20)
        self.process.stdout.close()


def kind():
    return f"multipart/form-data; boundary={BOUNDARY}"


def form(token, *files):
    """A form as a browser sends it: the token, and files by name."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="form"\r\n\r\n{token}\r\n'.encode()]
    for name, content in files:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


@pytest.fixture(scope="module")
def runs():
    """Runs of ten minutes on as many days."""
    samples = one_piece(Leg(600, 3.0))
    return [(f"run {n}.fit", fit(samples, start=START + timedelta(days=n))) for n in range(FILES)]


@pytest.mark.parametrize("uploads", [96, 1008])
def test_many_uploads_from_two_browsers_at_once_lose_and_double_nothing(tmp_path, runs, uploads):
    journal = tmp_path / "journal.sqlite"
    server = Server(journal)
    with ThreadPoolExecutor(2) as browsers:
        list(browsers.map(lambda file: server.send(file), runs * (uploads // FILES)))
    server.until_read(journal)
    server.kill()
    starts = [r.started_at for r in journals.list_runs(journal)]
    assert len(starts) == FILES
    assert set(starts) == {START + timedelta(days=n) for n in range(FILES)}


def test_what_comes_while_another_form_is_brought_in_waits_for_the_next_import(tmp_path, monkeypatch):
    """Three rooms when an import begins: one whole, one that is still being filled, one cut off before the last end."""
    folder, began = tmp_path / "incoming", 100
    whole, filling, old = (folder / f"{ns:020d}-x" / "0000" for ns in (101, 102, 99))
    for room in (whole, filling, old):
        room.mkdir(parents=True)
    (whole / "a.fit").write_bytes(b"a")
    (old / ".part").write_bytes(b"o")

    def read(journal, files, progress):
        assert [f.name for f in files] == ["a.fit"]
        (filling / "b.fit").write_bytes(b"b")
        return "done"

    monkeypatch.setattr(uploads.journals, "import_files", read)
    assert uploads.bring(tmp_path / "journal.sqlite", folder, began, lambda done, news: None) == "done"
    assert [p for p in folder.rglob("*") if p.is_file()] == [filling / "b.fit"]
    assert [room.name for room in folder.iterdir()] == [filling.parent.name]


def test_an_upload_that_is_cut_off_leaves_nothing_and_what_had_arrived_is_read_at_the_next_start(tmp_path, runs):
    journal = tmp_path / "journal.sqlite"
    server = Server(journal)
    whole = form(server.token, *runs[:6])
    head = (
        f"POST /bring HTTP/1.1\r\nHost: {server.host}\r\nCookie: {server.cookie}\r\nOrigin: http://{server.host}\r\n"
        f"Content-Type: {kind()}\r\nContent-Length: {len(whole)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(head.encode() + whole[: len(whole) // 2])
        time.sleep(0.3)
        server.kill()
    assert journals.list_runs(journal) == ()
    # files that had arrived whole when the machine went down lie beside the journal
    room = journal.with_name("journal.sqlite.incoming") / "0-room" / "0000"
    room.mkdir(parents=True, exist_ok=True)
    (room / runs[0][0]).write_bytes(runs[0][1])
    (room / ".part").write_bytes(runs[1][1][:100])
    server = Server(journal)
    server.until_read(journal)
    server.kill()
    assert [r.started_at for r in journals.list_runs(journal)] == [START]


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path):
    server = Server(tmp_path / "journal.sqlite")
    command = [sys.executable, "-m", "charley", "--journal", str(tmp_path / "j"), "serve", "--port", str(server.port)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    server.kill()
    assert second.returncode == 2
    assert f"port {server.port} is in use [serve-port]" in second.stderr
    assert "Traceback" not in second.stderr
