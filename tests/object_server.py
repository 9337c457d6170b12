"""moto's S3 server, of an environment of its own, and commands that talk to it with the library there."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
OBJECTS = ROOT / ".venv-objects"
KEYS = {"AWS_ACCESS_KEY_ID": "ada", "AWS_SECRET_ACCESS_KEY": "ada", "AWS_DEFAULT_REGION": "us-east-1"}
_SCRIPT = "import sys; sys.path += [sys.argv.pop(1)]\n"
"""What is imported from there alone is; everything else is ours."""


@dataclass(frozen=True)
class ObjectServer:
    """Where it listens, and where it writes down what it was asked."""

    address: str
    log: Path

    def asked(self, path: str, method: str = "GET", data: bytes | None = None) -> tuple[Mapping[str, str], bytes]:
        """What it gives to somebody with a key, headers and body; it looks at no signature."""
        signed = "AWS4-HMAC-SHA256 Credential=ada/20261130/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
        request = urllib.request.Request(
            f"{self.address}/{path}",
            data,
            method=method,
            headers={"Authorization": signed, "Content-Type": "text/plain"},
        )
        with urllib.request.urlopen(request) as got:
            return got.headers, got.read()

    def requests(self) -> list[str]:
        """``GET /letters/…``: everything so far."""
        return [
            line.split('"')[1].rpartition(" ")[0] for line in self.log.read_text().splitlines() if " HTTP/1." in line
        ]

    def run(self, script: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        """Have Python run this, with the library and a key to the server."""
        (packages,) = OBJECTS.glob("lib/python*/site-packages")
        command = [sys.executable, "-c", _SCRIPT + script, packages, *arguments]
        told = {**os.environ, **KEYS, "AWS_ENDPOINT_URL": self.address, **environment}
        return subprocess.run(command, env=told, cwd=ROOT, capture_output=True, text=True, check=False)

    def typed(self, home: Path, *commands: Sequence[object], first: str = "", **environment: str) -> list[Any]:
        """Exit status, output and errors of commands of `archive`, one after the other; `first` is done before them."""
        lines = json.dumps([[str(word) for word in command] for command in commands])
        done = self.run(f"{first}\n{_TYPED}", home, lines, **environment)
        assert done.returncode == 0, f"{done.returncode} {done.stderr}"
        return [tuple(each) for each in json.loads(done.stdout)]


_TYPED = """
import json
from pathlib import Path
from archive.home.home import Home
from tests.programs import Programs
home, said = Home(Path(sys.argv[1])), []
for command in json.loads(sys.argv[2]):
    done = Programs(home).archive(*command)
    said.append((done.exit_code, done.stdout, done.stderr))
print(json.dumps(said))
"""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[ObjectServer]:
    """One, as long as it is needed; skips where there is none."""
    if not (OBJECTS / "done").is_file():
        pytest.skip("no moto in .venv-objects; tests/setup.sh makes it")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = folder / "log"
    command = [OBJECTS / "bin/moto_server", "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said) as process:
        try:
            for _ in range(600):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            yield ObjectServer(f"http://127.0.0.1:{port}", log)
        finally:
            process.terminate()
