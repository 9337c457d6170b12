"""What a register and the lists of its reviewers' keys can be asked of: a home, or a site that was published."""

from collections.abc import Mapping
from typing import Protocol

from archive.home.accession import Life
from archive.home.reviewers import Reviewers
from archive.register.register import Register


class Registered(Protocol):
    """`archive.home.home.Home` is one."""

    @property
    def register(self) -> Register: ...

    @property
    def lives(self) -> Mapping[str, Life]: ...

    @property
    def reviewers(self) -> Reviewers: ...
