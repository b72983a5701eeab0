"""Build the container and take the app's tour in it without a network; without a builder, run the Containerfile's steps.

    python scripts/try_container.py    some minutes; packages come from the registry, as in the build itself

With docker, podman or buildah the image is built and its tour is taken with ``--network none``. Without one, the steps of
the Containerfile are run in an empty folder that stands for the root of the image: what it copies is copied, what it runs is
run, and its command serves the made-up runner, in a network of its own where nothing but the loopback is (Linux lets a
user have one; elsewhere proxies that lead nowhere are set, and that is said). Users and labels are left out then.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOUR = ROOT / "scripts" / "try_serve.py"
BUILDERS = ("docker", "podman")
LOOPBACK_UP = "import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x41))"
NOWHERE = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")


def main() -> int:
    """How many steps or pages failed."""
    builder = next((b for b in BUILDERS if shutil.which(b) and _ran([b, "info"])), None)
    if builder is not None:
        return _built(builder)
    print(f"no builder answers ({', '.join(BUILDERS)}): running the Containerfile's steps in an empty folder")
    with tempfile.TemporaryDirectory(prefix="charley-image-") as there:
        return _steps(Path(there))


def _built(builder: str) -> int:
    """Build the image; its tour, by the script that every wheel is tried with, without a network."""
    subprocess.run([builder, "build", "-f", "Containerfile", "-t", "charley-tried", "."], cwd=ROOT, check=True)
    run = [builder, "run", "--rm", "--network", "none"]
    tour = [*run, "-v", f"{TOUR}:/tour.py:ro", "--entrypoint", "python", "charley-tried", "/tour.py", "charley"]
    return subprocess.run(tour, check=False).returncode


def _steps(image: Path) -> int:
    workdir, env = image, {**os.environ, "PYTHONUNBUFFERED": "1"}
    for number, (word, rest) in enumerate(steps((ROOT / "Containerfile").read_text(encoding="utf-8"))):
        if word == "WORKDIR":
            workdir = image / rest.lstrip("/")
            workdir.mkdir(parents=True, exist_ok=True)
        elif word == "COPY" and not rest.startswith("--from"):  # one image stands for both stages
            *names, to = shlex.split(rest)
            for name in names:
                _copied(ROOT / name, (workdir / to) / ("" if (ROOT / name).is_dir() else name))
        elif word == "RUN" and "useradd" not in rest:
            command = rest.replace("/opt/", f"{image}/opt/").replace("python ", f"{shlex.quote(sys.executable)} ", 1)
            print(f"step {number}: {rest}", flush=True)
            if subprocess.run(command, shell=True, cwd=workdir, env=env, check=False).returncode != 0:
                print(f"step {number} failed")
                return 1
        elif word == "ENV":
            env |= {
                name: value.replace("/opt/", f"{image}/opt/").replace("$PATH", env["PATH"])
                for name, value in re.findall(r"(\w+)=(\S+)", rest)
            }
    home = image / "home" / "runner"
    home.mkdir(parents=True, exist_ok=True)
    tour = [sys.executable, str(TOUR), str(image / "opt" / "charley" / "bin" / "charley")]
    env |= {"HOME": str(home), "XDG_DATA_HOME": str(home / ".local" / "share")}
    env.pop("CHARLEY_JOURNAL", None)
    return subprocess.run(_offline(tour, env), cwd=home, env=env, check=False).returncode


def steps(text: str) -> list[tuple[str, str]]:
    """The instructions of a Containerfile, in order, without comments."""
    joined = re.sub(r"\\\n\s*", "", text)
    lines = [line.strip() for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


def _copied(what: Path, to: Path) -> None:
    if what.is_dir():
        shutil.copytree(what, to, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(what, to)


def _offline(command: list[str], env: dict[str, str]) -> list[str]:
    """The command in a network of its own, where only the loopback is."""
    inner = f"{shlex.quote(sys.executable)} -c {shlex.quote(LOOPBACK_UP)} && exec {shlex.join(command)}"
    apart = ["unshare", "--net", "--map-root-user", "sh", "-c"]
    if shutil.which("unshare") and _ran([*apart, "true"]):
        print("the tour, in a network of its own with nothing in it", flush=True)
        return [*apart, inner]
    print("the tour; this system lets no network be taken away, so proxies lead nowhere", flush=True)
    env |= NOWHERE
    return command


def _ran(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    sys.exit(main())
