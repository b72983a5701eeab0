"""Start `charley serve --demo` as a stranger would, open every page, and stop it: what `make wheel` tries last.

python try_serve.py CHARLEY    the command to try; needs the standard library alone
"""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

PAGES = (
    "/", "/runs", "/data", "/bring", "/profile", "/ask?q=does+salt+help", "/lab", "/cramp-now", "/run/last", "/why",
    "/same-stretch", "/stops", "/try", "/race?distance=marathon&goal=3:30&health=none", "/plan?distance=half&date={year}-04-11",
    "/home.json", "/runs.json",
)  # fmt: skip
LONGEST_S = 240  # until what is worked out stands on its page


def main(charley: str) -> int:
    """How many pages did not answer."""
    server = subprocess.Popen([charley, "serve", "--demo"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    address = urlsplit(next(m[0] for line in server.stdout if (m := re.search(r"http://\S+", line))))
    cookie = str(get(address, address.path, "")[1]).partition(";")[0]
    wrong = 0
    for path in PAGES:
        path, end = path.format(year=time.localtime().tm_year + 1), time.monotonic() + LONGEST_S
        while (status := get(address, path, cookie)[0]) == 202 and time.monotonic() < end:  # it is being worked out
            time.sleep(0.5)
        if status != 200:
            wrong += 1
            print(f"{path}: {status}")
    if get(address, "/", "")[0] != 401:
        wrong += 1
        print("/ without the cookie was let in")
    server.send_signal(signal.SIGTERM)
    if server.wait(30) != 0:
        wrong += 1
        print(f"the server ended with {server.returncode}")
    print(f"{len(PAGES) - wrong} of {len(PAGES)} pages of charley serve --demo answered")
    return wrong


def get(address, path: str, cookie: str) -> tuple[int, str | None]:  # type: ignore[no-untyped-def]
    """Status and cookie of an answer."""
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("set-cookie")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
