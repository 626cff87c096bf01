"""Edits of repositories, and which notes stay the same ones.

In each text `§name` at the end of a line names the note on it; it is taken out before anybody reads the file. A name
that stands before and after the edit must be one item with one id; one that stands only before must be gone; one
that stands only after must be a new item.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Edit:
    name: str
    before: dict[str, str]
    after: dict[str, str]


def edit(name: str, before: dict[str, str] | str, after: dict[str, str] | str) -> Edit:
    return Edit(name, _files(before), _files(after))


def _files(given: dict[str, str] | str) -> dict[str, str]:
    files = {"a.py": given} if isinstance(given, str) else given
    return {path: dedent(text).lstrip("\n") for path, text in files.items()}


LOAD = """
    import json


    def load(path):
        # TODO: close the file when reading fails §load
        return json.load(open(path))
"""
TWO = """
    def first(x):
        # TODO: handle None §one
        return x.a


    def second(x):
        # TODO: handle None §two
        return x.b
"""
STORE = """
    class Store:
        def get(self, key):
            # FIXME: a missing key should be a KeyError §get
            return self.data.get(key)

        def put(self, key, value):
            # TODO: refuse empty keys §put
            self.data[key] = value

        def drop(self, key):
            # HACK: del would raise §drop
            self.data.pop(key, None)
"""
GET_DONE = """
    class Store:
        def get(self, key):
            return self.data[key]

        def put(self, key, value):
            # TODO: refuse empty keys §put
            self.data[key] = value

        def drop(self, key):
            # HACK: del would raise §drop
            self.data.pop(key, None)
"""
MAIN_C = """
    int main(void)
    {
        /* TODO: read the port from the environment §port */
        int port = 8080;
        // FIXME: the socket is never closed §socket
        return serve(port);
    }
"""

MOVED = (
    edit("nothing changes", LOAD, LOAD),
    edit("lines are put above", LOAD, "#!/usr/bin/env python\n" + "import os\n" * 9 + dedent(LOAD)),
    edit("lines above are taken away", LOAD, dedent(LOAD).replace("import json\n\n\n", "")),
    edit("lines are put below", LOAD, dedent(LOAD) + "\n\ndef dump(x):\n    return x\n"),
    edit(
        "the function moves to the end of the file",
        TWO,
        """
        def second(x):
            # TODO: handle None §two
            return x.b


        def first(x):
            # TODO: handle None §one
            return x.a
        """,
    ),
    edit("two notes change places with their functions", STORE, """
        class Store:
            def drop(self, key):
                # HACK: del would raise §drop
                self.data.pop(key, None)

            def put(self, key, value):
                # TODO: refuse empty keys §put
                self.data[key] = value

            def get(self, key):
                # FIXME: a missing key should be a KeyError §get
                return self.data.get(key)
        """),
    edit("blank lines everywhere", TWO, dedent(TWO).replace("\n", "\n\n")),
)  # fmt: skip

INDENTED = (
    edit("the function becomes a method", LOAD, """
        import json


        class Loader:
            def load(path):
                # TODO: close the file when reading fails §load
                return json.load(open(path))
        """),
    edit("tabs for blanks", STORE, dedent(STORE).replace("    ", "\t")),
    edit("two blanks for four", STORE, dedent(STORE).replace("    ", "  ")),
    edit("the body is put under an if", LOAD, """
        import json


        def load(path):
            if path:
                # TODO: close the file when reading fails §load
                return json.load(open(path))
        """),
    edit("the note is wrapped", LOAD, """
        import json


        def load(path):
            # TODO: close the file §load
            # when reading fails
            return json.load(open(path))
        """),
    edit("Windows line ends", STORE, dedent(STORE).replace("\n", "\r\n")),
    edit("blanks within the note", LOAD, dedent(LOAD).replace("close the", "close   the")),
    edit("one comment style for another", {"m.c": MAIN_C}, {"m.c": dedent(MAIN_C).replace(
        "/* TODO: read the port from the environment §port */", "// TODO: read the port from the environment §port"
    )}),
)  # fmt: skip

RENAMED = (
    edit("a file is renamed", {"a.py": LOAD}, {"b.py": LOAD}),
    edit("a file is moved to a folder", {"a.py": STORE}, {"src/store/a.py": STORE}),
    edit("a file is renamed and lines move", {"a.py": LOAD}, {"b.py": "import os\n" + dedent(LOAD)}),
    edit("a folder is renamed", {"x/a.py": LOAD, "x/b.py": STORE}, {"y/a.py": LOAD, "y/b.py": STORE}),
    edit("two files change names", {"a.py": LOAD, "b.py": STORE}, {"a.py": STORE, "b.py": LOAD}),
    edit("a file is renamed and one of its notes is done", {"a.py": STORE}, {"kept.py": GET_DONE}),
    edit("a file with two notes that read the same is renamed", {"a.py": TWO}, {"b.py": TWO}),
    edit("a file is renamed and one of its notes reworded", {"a.py": STORE}, {"kept.py": dedent(STORE).replace(
        "refuse empty keys", "refuse empty or blank keys"
    )}),
    edit("the ending of the name changes", {"m.c": MAIN_C}, {"m.cpp": MAIN_C}),
    edit("a test file and its source are renamed together", {"a.py": LOAD, "test_a.py": "# TODO: a bad file §t\n"},
         {"b.py": LOAD, "test_b.py": "# TODO: a bad file §t\n"}),
)  # fmt: skip

COPIED = (
    edit("a file is copied: the first stays what it is", {"a.py": LOAD},
         {"a.py": LOAD, "b.py": dedent(LOAD).replace("§load", "§copy")}),
    edit("a function is copied within its file", TWO, dedent(TWO) + dedent("""

        def third(x):
            # TODO: handle None §three
            return x.c
        """)),
    edit("a function is copied to the top of its file", TWO, dedent("""
        def zeroth(x):
            # TODO: handle None §zero
            return x.z


        """) + dedent(TWO).lstrip("\n")),
    edit("the same short note turns up elsewhere while the first is done",
         {"a.py": "def f():\n    # TODO: fix this §a\n    return 1\n", "b.py": "x = 1\n"},
         {"a.py": "def f():\n    return 2\n", "b.py": "x = 1\n# TODO: fix this §b\ny = x\n"}),
    edit("a vendored copy is nobody's note", {"a.py": LOAD},
         {"a.py": LOAD, "vendor/a.py": dedent(LOAD).replace(" §load", "")}),
)  # fmt: skip

SPLIT = (
    edit("a function moves to another file", {"a.py": STORE, "b.py": "x = 1\n"}, {
        "a.py": """
            class Store:
                def get(self, key):
                    # FIXME: a missing key should be a KeyError §get
                    return self.data.get(key)

                def put(self, key, value):
                    # TODO: refuse empty keys §put
                    self.data[key] = value
            """,
        "b.py": """
            x = 1

            class Dropping:
                def drop(self, key):
                    # HACK: del would raise §drop
                    self.data.pop(key, None)
            """,
    }),
    edit("a file is split in two", {"a.py": TWO}, {
        "one.py": "def first(x):\n    # TODO: handle None §one\n    return x.a\n",
        "two.py": "def second(x):\n    # TODO: handle None §two\n    return x.b\n",
    }),
    edit("two files become one", {
        "one.py": "def first(x):\n    # TODO: handle None §one\n    return x.a\n",
        "two.py": "def second(x):\n    # TODO: handle None §two\n    return x.b\n",
    }, {"a.py": TWO}),
    edit("a module becomes a package", {"store.py": STORE}, {"store/__init__.py": STORE}),
    edit("one of two notes that read the same moves to another file", {"a.py": TWO}, {
        "a.py": "def first(x):\n    # TODO: handle None §one\n    return x.a\n",
        "b.py": "def second(x):\n    # TODO: handle None §two\n    return x.b\n",
    }),
)  # fmt: skip

DELETED = (
    edit("a note is done", LOAD, dedent(LOAD).replace("    # TODO: close the file when reading fails §load\n", "")),
    edit("a file is deleted", {"a.py": LOAD, "b.py": STORE}, {"b.py": STORE}),
    edit("everything is deleted", {"a.py": LOAD, "b.py": STORE}, {}),
    edit("the first of two notes that read the same is done", TWO, """
        def first(x):
            return x.a if x else None


        def second(x):
            # TODO: handle None §two
            return x.b
        """),
    edit("the second of two notes that read the same is done", TWO, """
        def first(x):
            # TODO: handle None §one
            return x.a


        def second(x):
            return x.b if x else None
        """),
    edit("the note becomes a string", LOAD, dedent(LOAD).replace(
        "    # TODO: close the file when reading fails §load\n", '    s = "# TODO: close the file when reading fails"\n'
    )),
    edit("another note stands where one was done", LOAD, dedent(LOAD).replace(
        "close the file when reading fails §load", "use the new parser from the core team §parser"
    )),
)  # fmt: skip

REWORDED = (
    edit("a word is added", LOAD, dedent(LOAD).replace("close the file", "always close the file")),
    edit("a spelling is mended", STORE, dedent(STORE).replace("a missing key should be", "A missing key shuold be")),
    edit("the end is written anew", LOAD,
         dedent(LOAD).replace("when reading fails", "when parsing or reading it fails")),
    edit("one of two notes that read the same is reworded", TWO, dedent(TWO).replace(
        "handle None §two", "handle None and empty lists §two"
    )),
    edit("a person is named", LOAD, dedent(LOAD).replace("TODO: close", "TODO(anna): close")),
    edit("reworded and moved down", LOAD,
         "import os\nimport re\n" + dedent(LOAD).replace("close the", "really close the")),
    edit("the code below is changed, the words stay", LOAD,
         dedent(LOAD).replace("json.load(open(path))", "parse(path)")),
)  # fmt: skip

REBASED = (
    edit("others' work comes in above, below and in other files", {"a.py": STORE, "b.py": LOAD}, {
        "a.py": "import sys\n\nLIMIT = 3\n\n\n" + dedent(STORE).lstrip("\n") + "\n\ndef more():\n    pass\n",
        "b.py": LOAD,
        "c.py": "# TODO: write c §c\n",
    }),
    edit("upstream re-indented and renamed", {"a.py": STORE}, {"lib/a.py": dedent(STORE).replace("    ", "  ")}),
    edit("upstream did one and reworded another", STORE,
         dedent(GET_DONE).replace("refuse empty keys", "refuse empty keys and None")),
)  # fmt: skip

EDITS = (*MOVED, *INDENTED, *RENAMED, *COPIED, *SPLIT, *DELETED, *REWORDED, *REBASED)
