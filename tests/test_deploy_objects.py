"""A site on S3, as a server of moto's has it: headers with each object, killed and gone on with."""

import shutil
import signal
import subprocess
import sys
import urllib.error
from pathlib import Path

import pytest

from archive.home.home import Home
from publisher.site.headers import headers
from tests.object_server import ObjectServer
from tests.test_deploy import site_of

COMMAND = """
import os, signal
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


def deployed(home: Home, server: ObjectServer, typed: str, *, at: int = 0) -> subprocess.CompletedProcess[str]:
    """`publisher deploy`, with the library that knows S3; killed before the `at`-th file is put."""
    return server.run(COMMAND, str(at), "deploy", typed, "--home", home.root)


def test_a_site_on_s3_is_killed_gone_on_with_and_sent_with_its_headers(filed_home: Home, objects: ObjectServer) -> None:
    objects.asked("moto-api/reset", "POST")
    missing = deployed(filed_home, objects, "s3://letters/www")
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
    assert missing.stderr.startswith("s3://letters/www: ")
    objects.asked("letters", "PUT")
    for at in (9, 30):
        assert deployed(filed_home, objects, "s3://letters/www", at=at).returncode == -signal.SIGKILL
        with pytest.raises(urllib.error.HTTPError):
            objects.asked("letters/www/register/checkpoint")
    done = deployed(filed_home, objects, "s3://letters/www")
    assert done.returncode == 0, done.stderr
    site = site_of(filed_home)
    assert len(done.stdout.splitlines()) < len(site) - 8
    for path, data in site.items():
        sent, there = objects.asked(f"letters/www/{path}")
        assert there == data
        told = headers(path)
        assert (sent["Content-Type"], sent["Cache-Control"]) == (told["Content-Type"], told["Cache-Control"]), path
    again = deployed(filed_home, objects, "s3://letters/www")
    assert (again.stdout, "nothing to do" in again.stderr) == ("", True)


def test_without_the_extra_its_library_is_named(filed_home: Home, tmp_path: Path) -> None:
    if shutil.which("s3fs") or "s3fs" in sys.modules:
        pytest.skip("s3fs is here")
    from tests.programs import Programs

    refused = Programs(filed_home).publisher("deploy", "s3://letters/www")
    assert (refused.exit_code, "needs s3fs, which is not installed here" in refused.stderr) == (1, True)
