"""A site on S3, as a server of moto's has it: headers with each object, killed and gone on with."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from archive.home.home import Home
from publisher.site.headers import headers
from tests.conftest import ROOT
from tests.test_deploy import site_of

OBJECTS = ROOT / ".venv-objects"
COMMAND = """
import os, signal, sys
sys.path += [sys.argv.pop(1)]
at, count = int(sys.argv.pop(1)), 0
from publisher.delivery import deploy, objects, target
if at:
    deploy.portions = lambda paths: target.portions(paths, 1)
    put = objects.Objects.put
    def dying(*arguments):
        global count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
        put(*arguments)
    objects.Objects.put = dying
from publisher.cli.commands import main
main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of moto's S3."""
    program = OBJECTS / "bin/moto_server"
    if not (OBJECTS / "done").is_file():
        pytest.skip("no moto in .venv-objects; tests/setup.sh makes it")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("moto") / "log").open("wb")
    with log, subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log) as process:
        try:
            for _ in range(600):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def asked(address: str, method: str = "GET") -> tuple[Mapping[str, str], bytes]:
    """What the server gives to somebody with a key; moto looks at no signature."""
    signed = "AWS4-HMAC-SHA256 Credential=ada/20261130/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    request = urllib.request.Request(address, method=method, headers={"Authorization": signed})
    with urllib.request.urlopen(request) as got:
        return got.headers, got.read()


def deployed(home: Home, server: str, typed: str, *, at: int = 0) -> subprocess.CompletedProcess[str]:
    """`publisher deploy`, with the library that knows S3; killed before the `at`-th file is put."""
    (packages,) = OBJECTS.glob("lib/python*/site-packages")
    keys = {"AWS_ACCESS_KEY_ID": "ada", "AWS_SECRET_ACCESS_KEY": "ada", "AWS_DEFAULT_REGION": "us-east-1"}
    command = [sys.executable, "-c", COMMAND, packages, str(at), "deploy", typed, "--home", home.root]
    environment = {**os.environ, **keys, "AWS_ENDPOINT_URL": server}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_site_on_s3_is_killed_gone_on_with_and_sent_with_its_headers(filed_home: Home, server: str) -> None:
    missing = deployed(filed_home, server, "s3://letters/www")
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
    assert missing.stderr.startswith("s3://letters/www: ")
    asked(f"{server}/letters", "PUT")
    for at in (9, 30):
        assert deployed(filed_home, server, "s3://letters/www", at=at).returncode == -signal.SIGKILL
        with pytest.raises(urllib.error.HTTPError):
            asked(f"{server}/letters/www/register/checkpoint")
    done = deployed(filed_home, server, "s3://letters/www")
    assert done.returncode == 0, done.stderr
    site = site_of(filed_home)
    assert len(done.stdout.splitlines()) < len(site) - 8
    for path, data in site.items():
        sent, there = asked(f"{server}/letters/www/{path}")
        assert there == data
        told = headers(path)
        assert (sent["Content-Type"], sent["Cache-Control"]) == (told["Content-Type"], told["Cache-Control"]), path
    again = deployed(filed_home, server, "s3://letters/www")
    assert (again.stdout, "nothing to do" in again.stderr) == ("", True)


def test_without_the_extra_its_library_is_named(filed_home: Home, tmp_path: Path) -> None:
    if shutil.which("s3fs") or "s3fs" in sys.modules:
        pytest.skip("s3fs is here")
    from tests.programs import Programs

    refused = Programs(filed_home).publisher("deploy", "s3://letters/www")
    assert (refused.exit_code, "needs s3fs, which is not installed here" in refused.stderr) == (1, True)
