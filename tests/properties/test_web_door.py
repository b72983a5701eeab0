"""Nobody is let in who was not given the address: every route of the app, with each thing wrong that can be wrong.

The routes are those that the app has, so that one added tomorrow is walked too. What must hold comes from the threats:
a page of somebody else in the same browser, a name that points at this machine, another program on it, a slip.
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from career_world import fill
from charley.api import journal as journals
from charley.faces.web import uploads
from charley.faces.web.app import LARGE, routes
from charley.faces.web.door import ENTER, MOST_FORM_BYTES, Door
from charley.journal import store
from web_world import FORM, HOST, PORT, Site

ROUTES = sorted((next(iter(r.methods - {"HEAD"})), r.path) for r in routes() if r.methods)
BODY = b"kind=cramp&form="
MARK = "part"  # between the parts of a form with files


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return Site(fill(tmp_path_factory.mktemp("door") / "journal.sqlite", 4))


def concrete(site, path):
    run = journals.list_runs(site.journal)[0].run_id[:16]
    parts = {"{run}": run, "{hash}": "0" * 12, "{name}": "page.css", "{what}": "plan.csv"}
    for name, value in parts.items():
        path = path.replace(name, value)
    return path


def parts(token):
    """A form with one file, as a browser sends it."""
    head = f"--{MARK}\r\nContent-Disposition: form-data; name="
    fields = f'{head}"form"\r\n\r\n{token}\r\n{head}"files"; filename="x.fit"\r\n\r\nx\r\n--{MARK}--\r\n'
    return fields.encode()


def attacks(site, method, path):
    """Each wrong request: what is wrong, its headers, its query and its body."""
    good = site.browser()
    form, bare = (parts(""), parts(site.keys.form)) if path in LARGE else (BODY, BODY + site.keys.form.encode())
    if method == "POST":
        kind = f"multipart/form-data; boundary={MARK}" if path in LARGE else FORM
        good |= {"content-type": kind, "content-length": str(len(bare))}
    body = bare if method == "POST" else b""
    without = {k: v for k, v in good.items() if k != "cookie"}
    yield "forged host", good | {"host": f"charley.example:{PORT}"}, "", body
    yield "host without the port", good | {"host": "127.0.0.1"}, "", body
    yield "no host", {k: v for k, v in good.items() if k != "host"}, "", body
    yield "foreign origin", good | {"origin": "http://evil.example"}, "", body
    yield "foreign site", good | {"sec-fetch-site": "cross-site"}, "", body
    yield "another port of this machine", good | {"origin": "http://127.0.0.1:9999"}, "", body
    yield "same site, other origin", good | {"sec-fetch-site": "same-site"}, "", body
    yield "no cookie", without, "", body
    yield "wrong cookie", without | {"cookie": f"charley_{PORT}={'x' * 32}"}, "", body
    yield "cookie of another port", without | {"cookie": f"charley_{PORT + 1}={site.keys.session}"}, "", body
    yield "10-kB parameter", good, "q=" + "a" * 10_000, body
    yield "3-kB parameter in escapes", good, "q=" + "%61" * 2500, body
    if method == "POST":
        yield (
            "neither origin nor site",
            {k: v for k, v in good.items() if k not in ("origin", "sec-fetch-site")},
            "",
            body,
        )
        yield "wrong type", good | {"content-type": "application/json"}, "", b"{}"
        yield "no type", {k: v for k, v in good.items() if k != "content-type"}, "", body
        yield "no token", good, "", form
        yield "wrong token", good, "", body.replace(site.keys.form.encode(), b"0" * 64)
        yield "oversize, said", good | {"content-length": str(2**40)}, "", body
        yield "length that is none", good | {"content-length": "-1"}, "", body


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_route_takes_what_is_wrong(site, method, path):
    there, before = concrete(site, path), journals.data_sha256(site.journal)
    for what, headers, query, body in attacks(site, method, path):
        got = site.ask(method, there, headers, body, query)
        assert 400 <= got.status < 500, f"{what}: {got.status}"
        assert "set-cookie" not in got.headers, what
        assert site.keys.session not in got.text, what
        assert site.keys.form not in got.text, what
    assert journals.data_sha256(site.journal) == before


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("wrong", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "other"])
def test_no_route_takes_another_method(site, method, path, wrong):
    wrong = {"GET": "POST", "POST": "GET"}[method] if wrong == "other" else wrong
    if wrong in ("GET", "POST") and (wrong, path) in ROUTES:
        pytest.skip("a route of its own")
    headers = site.browser() | ({"content-type": FORM, "content-length": "0"} if wrong == "POST" else {})
    got = site.ask(wrong, concrete(site, path), headers)
    assert got.status in (404, 405)


def test_a_body_that_is_longer_than_it_says_is_cut_off(site):
    for method, path in ROUTES:
        if method == "POST" and path not in LARGE:
            headers = site.browser() | {"content-type": FORM}
            got = site.ask("POST", concrete(site, path), headers, b"kind=" + b"a" * (MOST_FORM_BYTES + 1))
            assert got.status == 413


def test_three_gigabytes_are_refused_as_they_come_and_the_page_says_what_to_do(site):
    """Said beforehand, not a byte is read; not said, no more than the limit is, and nothing of it is kept."""
    three, most = 3 * 2**30, LARGE["/bring"]
    headers = site.browser() | {"content-type": f"multipart/form-data; boundary={MARK}"}
    said = site.ask("POST", "/bring", headers | {"content-length": str(three)})
    assert said.status == 413
    assert "2 GB" in said.text
    assert "charley import" in said.text
    read, chunk = 0, bytes(2**24)

    async def app(scope, receive, send):
        nonlocal read
        while (message := await receive())["more_body"]:
            read += len(message["body"])

    async def receive():
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(message):
        answers.append(message)

    answers = []
    scope = {"type": "http", "method": "POST", "path": "/bring", "query_string": b"", "raw_path": b"/bring"}
    asyncio.run(
        Door(app, [HOST], site.keys, LARGE, PORT)(
            scope | {"headers": [(k.encode(), v.encode()) for k, v in headers.items()]}, receive, send
        )
    )
    assert most - len(chunk) <= read <= most
    assert answers[0]["status"] == 413
    assert b"2 GB" in answers[1]["body"]


def test_what_does_not_fit_on_the_disk_is_refused_before_it_is_read(site, monkeypatch):
    monkeypatch.setattr(uploads.shutil, "disk_usage", lambda _: SimpleNamespace(free=10**6))
    body = parts(site.keys.form)
    kind = {"content-type": f"multipart/form-data; boundary={MARK}", "content-length": str(len(body))}
    got = site.ask("POST", "/bring", site.browser() | kind, body)
    assert got.status == 507
    assert "0.0 GB are free" in got.text
    assert not uploads.folder_of(site.journal).exists()


def test_a_browser_of_an_earlier_start_is_told_so_and_changes_nothing(site):
    """Its cookie is of no use any more, and neither is the token of a form that it had open."""
    run, before = journals.list_runs(site.journal)[0].run_id[:16], journals.data_sha256(site.journal)
    again = Site(site.journal)
    old_cookie = again.ask("GET", "/", site.browser())
    assert old_cookie.status == 401
    assert "A new start has a new address" in old_cookie.text
    body = f"kind=none&form={site.keys.form}".encode()
    length = {"content-type": FORM, "content-length": str(len(body))}
    old_form = again.ask("POST", f"/run/{run}/tell", again.browser() | length, body)
    assert old_form.status == 403
    assert "Load the page again" in old_form.text
    assert journals.data_sha256(site.journal) == before


def test_an_old_browser_reads_every_page_and_a_form_of_its_is_refused_in_words(site):
    """It says neither which page a form came from nor which site: whether the form is ours can't be told."""
    run, before = journals.list_runs(site.journal)[0].run_id[:16], journals.data_sha256(site.journal)
    old = {k: v for k, v in site.browser().items() if k not in ("origin", "sec-fetch-site")}
    for path in ("/", "/runs", f"/run/{run}", "/cramp-now"):
        assert site.ask("GET", path, old).status == 200
    body = f"kind=none&form={site.keys.form}".encode()
    length = {"content-type": FORM, "content-length": str(len(body))}
    refused = site.ask("POST", f"/run/{run}/tell", old | length, body)
    assert refused.status == 403
    assert "A browser from 2023 or later does." in refused.text
    assert journals.data_sha256(site.journal) == before


def test_while_another_program_writes_pages_are_shown_and_an_answer_is_refused_in_words(site, monkeypatch):
    monkeypatch.setattr(store, "PATIENCE_S", 0.05)
    run = journals.list_runs(site.journal)[1].run_id[:16]
    with closing(sqlite3.connect(site.journal, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert site.ask("GET", "/runs").status == 200
        refused = site.post(f"/run/{run}/tell", kind="none")
        assert refused.status == 409
        assert "journal-locked" in refused.text
        other.execute("ROLLBACK")
    assert site.post(f"/run/{run}/tell", kind="none").status == 303
    assert journals.get_report(site.journal, run).state() == "none"


def test_a_clock_that_is_put_back_loses_no_answer_and_no_page(site):
    """The latest word counts, whatever the clock said when it was told; and a file of yesterday is read again."""
    run = journals.list_runs(site.journal)[2].run_id
    assert site.post(f"/run/{run[:16]}/tell", kind="none").status == 303
    assert "no cramp" in site.ask("GET", "/runs").text
    journals.log_event(site.journal, "cramp", run=run, now=datetime(2020, 1, 1, tzinfo=UTC))
    os.utime(site.journal, (0, 0))
    assert journals.get_report(site.journal, run).state() == "cramp"
    row = re.search(rf'/run/{run[:16]}".*?</li>', site.ask("GET", "/runs").text, flags=re.S)[0]
    assert "acc" in row


def test_the_walk_can_fail(site):
    """The same requests with nothing wrong are let in, so that a refusal above is for what is wrong."""
    assert len(ROUTES) > 8
    assert site.ask("GET", "/").status == 200
    run = journals.list_runs(site.journal)[0].run_id[:16]
    assert site.post(f"/run/{run}/tell", kind="skip").status == 303


def test_the_address_is_exchanged_for_a_cookie_that_only_the_browser_sees(site):
    got = site.ask("GET", ENTER + site.keys.key, {"host": HOST})
    assert got.status == 303
    assert got.headers["location"] == "/"
    cookie = got.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert site.keys.session in cookie
    for wrong in ("", "x", site.keys.key[:-1], site.keys.key + "x", site.keys.session):
        refused = site.ask("GET", ENTER + wrong, {"host": HOST})
        assert refused.status == 401
        assert "set-cookie" not in refused.headers


def test_every_answer_forbids_what_it_does_not_need(site):
    for method, path in ROUTES:
        for headers in (site.browser(), {"host": HOST}, {"host": "evil.example"}):
            got = site.ask(method, concrete(site, path), headers)
            policy = got.headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert "*" not in policy
            assert got.headers["x-content-type-options"] == "nosniff"
            assert got.headers["referrer-policy"] == "no-referrer"
            assert not any(name.startswith("access-control-") for name in got.headers)
