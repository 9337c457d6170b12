"""QualCoder's own code reads a project, codes in it as a person would in its window, and writes it again.

Run by an environment with PyQt6, PyMuPDF and Pillow, without a screen::

    python qualcoder.py SRC IN.qdpx FOLDER [MARKS.json]

SRC is the folder in which QualCoder's package ``qualcoder`` lies. What its tables hold after reading is written to
FOLDER/read.json, the project it writes to FOLDER/out. MARKS.json lists what is coded meanwhile:
``[{"code": "…", "above": "…", "source": "…", "words": "…", "coder": "…", "memo": "…"}]``; a code that is not there is
made.
"""

import ast
import builtins
import json
import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace

src, given, folder = (Path(argument).resolve() for argument in sys.argv[1:4])
marks = json.loads(Path(sys.argv[4]).read_text()) if len(sys.argv) > 4 else []
sys.path.insert(0, str(src))
builtins._ = lambda text: text

from PyQt6 import QtWidgets  # noqa: E402
from qualcoder import refi  # noqa: E402

DAY = "2026-11-21 10:00:00"
window = QtWidgets.QApplication([])
QtWidgets.QFileDialog.getOpenFileName = lambda *_, **__: (str(given), True)
QtWidgets.QFileDialog.getExistingDirectory = lambda *_, **__: str(folder / "out")
refi.Message = lambda *_, **__: SimpleNamespace(exec=lambda: None)
refi.RefiLineEndings.exec = lambda self: None


def schema():
    """The tables of a new project, as QualCoder's own source makes them."""
    for node in ast.walk(ast.parse((src / "qualcoder/__main__.py").read_text())):
        if isinstance(node, ast.FunctionDef) and node.name == "new_project":
            texts = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
            yield from (text for text in texts if str(text).startswith("CREATE TABLE"))


def mark(db, code, above, source, words, coder, memo):
    """Select words in QualCoder's kind of text field and code them, as `code_text.DialogCodeText.mark` does."""
    fid, text = db.execute("select id, fulltext from source where name = ?", [source]).fetchone()
    field = QtWidgets.QPlainTextEdit()
    field.setPlainText(text)
    cursor = field.document().find(words)
    assert not cursor.isNull(), words
    if not db.execute("select 1 from code_name where name = ?", [code]).fetchone():
        if above and not db.execute("select 1 from code_cat where name = ?", [above]).fetchone():
            db.execute("insert into code_cat (name, owner, date, memo) values (?, ?, ?, '')", [above, coder, DAY])
        catid = db.execute("select catid from code_cat where name = ?", [above]).fetchone() if above else None
        row = [code, "", catid and catid[0], coder, DAY, "#cccccc"]
        db.execute("insert into code_name (name, memo, catid, owner, date, color) values (?, ?, ?, ?, ?, ?)", row)
    cid = db.execute("select cid from code_name where name = ?", [code]).fetchone()[0]
    row = [cid, fid, cursor.selectedText(), cursor.selectionStart(), cursor.selectionEnd(), coder, DAY, memo]
    sql = "insert into code_text (cid, fid, seltext, pos0, pos1, owner, date, memo) values (?, ?, ?, ?, ?, ?, ?, ?)"
    db.execute(sql, row)
    db.commit()


(folder / "p.qda/documents").mkdir(parents=True)
(folder / "out").mkdir()
Path("~/.qualcoder").expanduser().mkdir(exist_ok=True)
db = sqlite3.connect(folder / "p.qda/data.qda")
for table in schema():
    db.execute(table)
db.execute("insert into project (databaseversion, date, memo) values ('v17', ?, '')", [DAY])
settings = {"directory": str(folder), "codername": "default", "ai_enable": "False", "fontsize": 10, "font": "Sans"}
app = SimpleNamespace(
    conn=db,
    settings=settings,
    ai_models=None,
    version="QualCoder",
    project_path=str(folder / "p.qda"),
    project_name="p.qda",
    write_config_ini=lambda *_: None,
    get_annotations=lambda: [
        dict(zip(("anid", "fid", "pos0", "pos1", "memo", "owner", "date"), row, strict=True))
        for row in db.execute("select anid, fid, pos0, pos1, memo, owner, date from annotation")
    ],
)
log = SimpleNamespace(append=lambda line: sys.stderr.write(f"{line}\n"))
refi.RefiImport(app, log, "qdpx")
read = {
    "codes": "select name, memo from code_name",
    "categories": "select name from code_cat",
    "sources": "select name, fulltext, memo from source",
    "codings": "select code_name.name, source.name, seltext, code_text.owner, code_text.memo, code_text.date"
    " from code_text left join code_name using (cid) left join source on source.id = fid",
    "annotations": "select memo, owner from annotation",
    "attributes": "select source.name, attribute.name, value from attribute join source on source.id = attribute.id",
}
tables = {name: db.execute(sql).fetchall() for name, sql in read.items()}
(folder / "read.json").write_text(json.dumps({**tables, "coder": [[settings["codername"]]]}))
for each in marks:
    mark(db, **each)
refi.RefiExport(app, log, "project")
