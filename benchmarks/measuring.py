"""nginx, wrk and the machine: what the measurements stand on."""

from __future__ import annotations

import contextlib
import gzip
import os
import platform
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.newsroom import free_port, stop

NGINX = """\
{user}daemon off; pid {folder}/pid; error_log stderr warn; worker_processes 2;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 100000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; gzip_static on; default_type text/html; }}
}}
"""


def need(*programs: str) -> None:
    """End with a sentence where a program is missing."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    os.environ["PATH"] = path
    if missing := [program for program in programs if not shutil.which(program)]:
        stop(f"{' and '.join(missing)} must be installed for this measurement (Debian: apt install nginx-light wrk).")


def machine() -> str:
    """What this ran on, in a line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} processors, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"


@dataclass(frozen=True)
class Rate:
    """What wrk saw in one run."""

    a_second: float
    p50: float  # milliseconds
    p99: float
    faults: int


def wrk(address: str, seconds: int, connections: int = 32) -> Rate:
    """Read one address as fast as it goes, as a browser that takes gzip."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-H", "Accept-Encoding: gzip", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    faults = sum(
        int(number) for number in re.findall(r"(?:Non-2xx or 3xx responses:|connect|read|write|timeout) (\d+)", said)
    )
    return Rate(
        float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),  # type: ignore[index]
        _milliseconds(said, "50%"),
        _milliseconds(said, "99%"),
        faults,
    )


def _milliseconds(said: str, share: str) -> float:
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s)", said)
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]] if found else float("nan")


class Nginx:
    """nginx serving one page from a file, gzipped beforehand."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder / "nginx", free_port()
        (self._folder / "files").mkdir(parents=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/page.html"

    def keep(self, packed: bytes) -> None:
        """Serve these bytes from now on."""
        file = self._folder / "files" / "page.html"
        for path, content in ((file, gzip.decompress(packed)), (file.with_name("page.html.gz"), packed)):
            new = path.with_name(path.name + ".new")
            new.write_bytes(content)
            new.rename(path)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Until the block ends."""
        settings = self._folder / "nginx.conf"
        user = "user root; " if os.geteuid() == 0 else ""  # nginx's workers could not read our folder otherwise
        settings.write_text(NGINX.format(folder=self._folder, port=self.port, user=user))
        process = subprocess.Popen(["nginx", "-p", str(self._folder), "-e", "stderr", "-c", str(settings)])
        time.sleep(0.5)
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)


def median(values: list[float]) -> float:
    """The middle one."""
    return statistics.median(values) if values else float("nan")


def share(values: list[float], of: float) -> float:
    """The value under which that share of all lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * of))] if ordered else float("nan")


def processes_of(pid: int) -> dict[int, str]:
    """A process and everything it has started, with their commands; empty where the system does not tell (/proc)."""
    found = {}
    waiting = [pid]
    while waiting:
        number = waiting.pop()
        folder = Path(f"/proc/{number}")
        with contextlib.suppress(OSError):
            found[number] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            for task in (folder / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return found


def cpu_seconds(pids: list[int]) -> float:
    """Processor time these processes have used so far; nan where the system does not tell."""
    try:
        facts = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    except OSError:
        return float("nan")
    return sum(int(fact[11]) + int(fact[12]) for fact in facts) / os.sysconf("SC_CLK_TCK")


def working_set(pid: int) -> float:
    """Megabytes of a process's own memory; nan where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return float("nan")
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
