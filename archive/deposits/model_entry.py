"""A model made known in one breath: its ``model.toml``, with what is known first, filed at once where that is asked."""

from collections.abc import Sequence
from dataclasses import replace

from archive.deposits import filing, model_draft, template
from archive.deposits.entry import Before, Entry, putting
from archive.errors import Error
from archive.home.home import Home
from archive.records import form


def model(
    home: Home,
    model_id: str,
    *,
    maker: str = "",
    name: str = "",
    aliases: Sequence[str] = (),
    before: Before | None = None,
    file: bool = False,
) -> Entry:
    """Make a model known by its id. Raises `Error` where it is already, `Refused` with all that is wrong."""
    with putting(home, file=file, before=before) as at:
        folder = at.home.root / template.place_of_model(model_id)
        place = at.home.relative(folder)
        if (folder / "model.toml").exists():
            raise Error(f"{place}/model.toml is there already; open it, nothing was changed")
        day = at.home.now().date()
        data = form.model_form(model_id, maker=maker, name=name, aliases=list(aliases), day=day).encode()
        if not file:
            return at.lay(folder, "model.toml", {"model.toml": data})
        draft = model_draft.new(at.home, folder, {"model.toml": data})
        change, (done,) = filing.change(at.home, [draft], at.writer.now())
        at.writer.commit(replace(change, before=at.before))
        return Entry(path=folder / "model.toml", folder=place, filed=done)
