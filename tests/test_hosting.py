"""What goes with each file over HTTP: one table, and what hosts and web servers make of it."""

import contextlib
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from archive.home.home import Home
from publisher.site import servers
from publisher.site.headers import KNOWN, every, expression, headers
from publisher.site.headers import headers_file as made
from tests.conftest import ROOT

GOLDEN = ROOT / "tests/golden/site"
DOCS = ROOT / "docs/hosting.md"
NAMES = ["Content-Type", "Cache-Control", *every()]


def paths(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())


def rules() -> dict[str, dict[str, str]]:
    """``_headers`` as a host reads it."""
    found: dict[str, dict[str, str]] = {}
    for line in made().decode().splitlines():
        if line.startswith("/"):
            at = found.setdefault(line, {})
        elif not line.startswith("#"):
            name, _, value = line.strip().partition(": ")
            at[name] = value
    return found


def by_rules(path: str) -> dict[str, str]:
    """What a host that joins values would send."""
    address = f"/{path}".removesuffix("index.html") if path.endswith("index.html") else f"/{path}"
    sent: dict[str, str] = {}
    for rule, said in rules().items():
        if re.fullmatch(expression(rule), address):
            assert not sent.keys() & said.keys(), f"{rule} says again what was said of {path}"
            sent |= said
    return sent


def test_a_host_that_reads_the_headers_file_sends_with_every_file_what_the_table_says(filed: Home) -> None:
    """But for the types that every host knows, and for how long a page is kept where the host knows better."""
    for path in {*paths(GOLDEN), *paths(filed.site)} - {"_headers"}:
        table, sent = headers(path), by_rules(path)
        if path.rpartition(".")[2] not in KNOWN or "Content-Type" in sent:
            assert sent.get("Content-Type") == table["Content-Type"], f"{path}: TYPES in publisher/site/headers.py"
        assert sent.get("Cache-Control", table["Cache-Control"]) == table["Cache-Control"], path
        assert {name: sent[name] for name in every()} == every()


def test_what_was_frozen_never_changes_and_what_readers_begin_at_is_asked_for_again() -> None:
    forever = "public, max-age=31536000, immutable"
    for path in ("essays/odd/essay.md", "issues/2026-W45/issue.eml", "register/tile/0/000.p/3"):
        assert headers(path)["Cache-Control"] == by_rules(path)["Cache-Control"] == forever
    for path in ("index.html", "feed.atom", "SHA256SUMS", "index.json"):
        assert headers(path)["Cache-Control"] == by_rules(path)["Cache-Control"] == "public, max-age=300"
    assert (
        headers("register/checkpoint")["Cache-Control"]
        == by_rules("register/checkpoint")["Cache-Control"]
        == "no-cache"
    )
    assert headers("essays/odd/essay.md")["Content-Type"].startswith("text/markdown; charset=utf-8")
    assert headers("essays/odd/essay.md.tlog-proof")["Content-Type"] == "text/plain; charset=utf-8"
    assert headers("issues/2026-W45/issue.eml")["Content-Type"] == "message/rfc822"
    assert headers("register/tile/entries/000.p/3")["Content-Type"] == "application/octet-stream"


def test_the_documentation_shows_what_the_program_prints(request: pytest.FixtureRequest) -> None:
    """But for the hashes of the script and the style, which change with each of their words."""
    text = DOCS.read_text()
    for name, make in {"nginx": servers.nginx, "caddy": servers.caddy}.items():
        config = re.sub(r"sha256-[^']+", "sha256-…", make("letters.example.org", "/srv/www/letters"))
        block = f"<!-- {name} -->\n```\n{config}```\n"
        text = re.sub(rf"<!-- {name} -->\n(```\n.*?\n```\n)?", lambda _: block, text, flags=re.DOTALL)  # noqa: B023
    if request.config.getoption("--update-golden"):
        DOCS.write_text(text)
    assert DOCS.read_text() == text


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], port: int) -> Iterator[str]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            for _ in range(200):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _nginx(folder: Path, port: int, *, searched: bool = False) -> list[str]:
    config = servers.nginx("127.0.0.1", str(GOLDEN), searched=searched).replace(
        "listen 80;", f"listen 127.0.0.1:{port};"
    )
    places = "".join(f"{name}_temp_path {folder};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    head = f"daemon off;\nuser root;\npid {folder}/pid;\nerror_log {folder}/errors;\nevents {{ }}\n"
    (folder / "nginx.conf").write_text(f"{head}http {{\naccess_log off;\n{places}{config}}}\n")
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]


def _caddy(folder: Path, port: int, *, searched: bool = False) -> list[str]:
    config = servers.caddy(f"http://127.0.0.1:{port}", str(GOLDEN), searched=searched)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + config)
    return ["caddy", "run", "--config", str(folder / "Caddyfile")]


@pytest.mark.parametrize(("program", "command"), [("nginx", _nginx), ("caddy", _caddy)], ids=["nginx", "caddy"])
def test_a_web_server_sends_with_every_file_what_the_table_says(
    program: str, command: "object", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which(program):
        pytest.skip(f"no {program} on this machine")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    port = free()
    assert callable(command)
    with running(command(tmp_path, port), port) as address:
        for path in paths(GOLDEN):
            asked = f"{address}/{path.removesuffix('index.html')}"
            with urllib.request.urlopen(asked) as got:
                sent: Mapping[str, str] = got.headers
                assert {name: sent.get_all(name) for name in NAMES} == {  # type: ignore[attr-defined]
                    name: [value] for name, value in headers(path).items()
                }, path
                assert got.read() == (GOLDEN / path).read_bytes()


@pytest.mark.parametrize(("program", "command"), [("nginx", _nginx), ("caddy", _caddy)], ids=["nginx", "caddy"])
def test_only_the_folder_of_search_may_run_its_script(
    program: str, command: Callable[..., list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which(program):
        pytest.skip(f"no {program} on this machine")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    port, name = free(), "Content-Security-Policy"
    with running(command(tmp_path, port, searched=True), port) as address:
        for path in ("", "search/", "essays/odd/essay.md", "essays/odd/"):
            with urllib.request.urlopen(f"{address}/{path}") as got:
                assert got.headers.get_all(name) == [every(searched=path == "search/")[name]], path
