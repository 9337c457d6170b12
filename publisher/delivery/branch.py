"""A branch of a git repository that a static host shows: one commit, and no history.

Whoever publishes the same site there makes the same commit. It has no parent, so that what was withdrawn is not in the
branch's history, and replaces the one that was found there: where another came between, it is refused. What else lies
in the branch (``CNAME``) stays, and ``.nojekyll`` is there, without which GitHub Pages leaves files out.
"""

import hashlib
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from archive.errors import Error
from publisher.delivery.program import environment, needed

_PLAIN = "100644"
_FAULT = re.compile(r"(fatal|error|remote: \S|ssh|ERROR| !)")
"""Where git says what is wrong; around it stands advice."""
_NOJEKYLL = ".nojekyll"


class Branch:
    """See `publisher.delivery.target.Target`."""

    def __init__(self, repository: str, branch: str, scratch: Path, *, time: str, apart: bool = False) -> None:
        """`time` is the commit's, RFC 3339. Raises `Error` where there is no git here, or no such repository."""
        self.name = re.sub(r"//[^/@]*@", "//", f"git:{repository}#{branch}")
        self.away = "://" in repository.removeprefix("file://") or bool(re.match(r"[^/]+:", repository))
        if re.match(r"https?://[^/@]*@", repository):
            found = "found a token in it, which everybody on this machine sees in the list of processes"
            raise Error(f"{self.name}: {found}; let git's credential helper keep it (git help credentials)")
        self._program, self._apart = needed("git", "name another place"), apart
        self._repository, self._ref, self._time = repository, f"refs/heads/{branch}", time
        self._folder = scratch / "branch.git"
        self._git("check-ref-format", self._ref, said=f"expected the name of a branch, found {branch}")
        self._git("init", "--quiet", "--bare", str(self._folder))
        self._found = self._remote()
        if self._found:
            self._git("fetch", "--quiet", "--depth=1", "--no-tags", repository, self._found)
        self._changed = False

    @cached_property
    def _tree(self) -> dict[str, tuple[str, str]]:
        """Path → mode and id of what is, or will be, in the branch."""
        listed = self._git("ls-tree", "-r", "-z", self._found).split(b"\0")[:-1] if self._found else []
        entries = (entry.split(b"\t", 1) for entry in listed)
        return {name.decode(errors="surrogateescape"): _entry(said.decode()) for said, name in entries}

    def marks(self) -> Mapping[str, str]:
        return {path: blob for path, (mode, blob) in self._tree.items() if mode == _PLAIN}

    def mark(self, data: bytes) -> str:
        return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()

    def read(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        for path in paths:
            if path in self._tree:
                yield path, self._git("cat-file", "blob", self._tree[path][1])

    def put(self, site: Path, paths: Sequence[str]) -> None:
        names = "".join(f"{site / path}\n" for path in paths)
        blobs = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", given=names.encode()).split()
        self._tree.update({path: (_PLAIN, blob.decode()) for path, blob in zip(paths, blobs, strict=True)})
        self._changed = True

    def remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._tree.pop(path, None)
        self._changed = True

    def switch(self) -> None:
        if not self._changed:
            return
        nothing = self._git("hash-object", "-w", "--stdin").decode().strip()
        self._tree.setdefault(_NOJEKYLL, (_PLAIN, nothing))
        lines = "".join(f"{mode} {blob}\t{path}\0" for path, (mode, blob) in self._tree.items())
        self._git("update-index", "-z", "--index-info", given=lines.encode(errors="surrogateescape"))
        commit = self._git("commit-tree", self._git("write-tree").decode().strip(), given=b"The site\n")
        made = commit.decode().strip()
        if made != self._found:
            lease = f"--force-with-lease={self._ref}:{self._found}"
            self._git("push", "--quiet", lease, self._repository, f"{made}:{self._ref}")
        if self._remote() != made:
            raise Error(f"{self.name}: expected {made} there, which was put, found another commit; run this again")

    def close(self) -> None:
        pass

    def _remote(self) -> str:
        """The id of the commit that is there; empty for none."""
        return self._git("ls-remote", self._repository, self._ref).decode().partition("\t")[0]

    def _git(self, *arguments: str, given: bytes = b"", said: str = "") -> bytes:
        """What it prints. Raises `Error` with what it says, or with what is `said`."""
        by = {"NAME": "Emeritus", "EMAIL": "emeritus@emeritus.example", "DATE": self._time}
        own = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in by.items()}
        command = [self._program, f"--git-dir={self._folder}", "-c", "gc.auto=0", *arguments]
        said_in = environment(apart=self._apart) | own
        done = subprocess.run(
            command, input=given, capture_output=True, env=said_in, start_new_session=self._apart, check=False
        )
        if done.returncode:
            lines = done.stderr.decode(errors="replace").splitlines()
            first = next((line for line in lines if _FAULT.match(line)), f"git ended with {done.returncode}")
            raise Error(f"{self.name}: {said or ' '.join(first.split())}")
        return done.stdout


def _entry(said: str) -> tuple[str, str]:
    """``100644 blob 8ab686ea…`` → mode and id."""
    mode, _, blob = said.split(" ")
    return mode, blob
