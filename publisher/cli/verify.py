"""What anybody can check, without a home."""

import re
from pathlib import Path

import click

from archive.cli.console import PATH, json_option, output_json
from archive.cli.errors import verification


@click.command()
@click.argument("target", type=PATH)
@click.option("--key", metavar="VKEY", help="The register's key: origin+hash+key, from a place you trust.")
@json_option
def verify(target: Path, key: str | None, as_json: bool) -> None:
    """Check a file with its .tlog-proof beside it, a mail (.eml, mbox), or a whole site. Needs no home and no network.

    Example: publisher verify essay.md --key 'letters.example.org/register+9e9f2f51+AWxl…'
    """
    from archive.register.note import VerifierKey

    with verification():
        given = None if key is None else VerifierKey.parse(key)
        if target.is_dir():
            from publisher.verify.site import verify_site

            checked = verify_site(target, given)
        elif given is None:
            what = "give the register's key with --key; take it from a place the publisher cannot change"
            raise click.UsageError(what)
        elif _is_mail(target):
            from publisher.verify.mail import verify_mail

            checked = verify_mail(target, given)
        else:
            from publisher.verify.file import verify_file

            checked = verify_file(target, given)
    if as_json:
        output_json(checked.facts | {"sentence": checked.sentence, "not_proved": checked.limits})
        return
    click.echo(checked.sentence)
    click.echo("This does not prove " + "; ".join(checked.limits) + ".")


def _is_mail(path: Path) -> bool:
    """By its name, or by what stands in its first lines; a file with its proof beside it is that file."""
    if not path.is_file() or path.with_name(f"{path.name}.tlog-proof").exists():
        return False
    if path.suffix.lower() in (".eml", ".mbox"):
        return True
    with path.open("rb") as file:
        head = file.read(1 << 14)
    mails = rb"(?im)^(from|received|return-path|delivered-to|mime-version|content-type|message-id):"
    return bool(re.match(rb"(From \S+ .*\n)?[!-9;-~]+:", head) and re.search(mails, head))
