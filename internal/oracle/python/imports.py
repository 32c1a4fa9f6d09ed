"""Prints what CPython's own parser says of the imports of Python files.

Reads paths from standard input, one a line, relative to the folder given as the
first argument. Prints one JSON object a file: the imports in order, each with
line, column (from 1, in UTF-8 bytes), specifier, kind, optional mark and names;
the calls that import what is not literal; and __all__.
"""

import ast
import io
import json
import os
import re
import sys
import tokenize
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)

CATCHES = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


class Context:
    def __init__(self, stub):
        self.typ = stub
        self.calls = 0
        self.cls = False
        self.guard = -1  # the calls around a with that expects a failed import

    def but(self, **changes):
        other = Context(self.typ)
        other.__dict__.update(self.__dict__)
        other.__dict__.update(changes)
        return other

    @property
    def kind(self):
        return "type" if self.typ else "deferred" if self.calls else "static"


class Reader:
    def __init__(self, tree, lines, stub, encoding):
        self.lines = lines
        self.calls = any(b"__import__" in l or b"importlib" in l for l in lines)
        self.encoding = encoding
        self.imports = []  # [line, column, specifier, kind, optional, names, calls]
        self.dynamic = []
        self.all = None
        self.open = False
        self.checking = set()
        self.importlib = {"importlib"}
        self.functions = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for a in node.names:
                    if a.name == "importlib":
                        self.importlib.add(a.asname or a.name)
            elif isinstance(node, ast.ImportFrom):
                for a in node.names:
                    if a.name == "TYPE_CHECKING" and a.asname:
                        self.checking.add(a.asname)
                    if node.module == "importlib" and not node.level:
                        if a.name == "import_module":
                            self.functions.add(a.asname or a.name)
                        elif a.name == "*":
                            self.functions.add("import_module")
        self.block(tree.body, Context(stub), top=True)

    # -- statements

    def block(self, statements, ctx, top=False):
        for st in statements:
            self.statement(st, ctx, top)

    def statement(self, st, ctx, top):
        if isinstance(st, ast.Import):
            for a in st.names:
                self.add(a.lineno, a.col_offset, a.name, ctx, [["*", a.asname or a.name]])
        elif isinstance(st, ast.ImportFrom):
            line, column = self.after_from(st)
            names = [[a.name, a.asname if a.asname and a.asname != a.name else ""] for a in st.names]
            self.add(line, column, "." * st.level + (st.module or ""), ctx, names)
        elif isinstance(st, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for e in st.decorator_list:
                self.expression(e, ctx)
            for p in getattr(st, "type_params", []):
                self.expression(p, ctx)
            self.expression(st.args, ctx)
            if st.returns:
                self.expression(st.returns, ctx)
            self.block(st.body, ctx.but(calls=ctx.calls + 1, cls=False))
        elif isinstance(st, ast.ClassDef):
            for e in st.decorator_list + st.bases + st.keywords + getattr(st, "type_params", []):
                self.expression(e, ctx)
            self.block(st.body, ctx.but(cls=True))
        elif isinstance(st, ast.If):
            self.branches(st, ctx, False)
        elif isinstance(st, ast.Try) or st.__class__.__name__ == "TryStar":
            first = len(self.imports)
            self.block(st.body, ctx)
            last = len(self.imports)
            for h in st.handlers:
                if h.type is None or any(
                    getattr(n, "id", getattr(n, "attr", None)) in CATCHES for n in ast.walk(h.type)
                ):
                    for im in self.imports[first:last]:
                        if im[6] == ctx.calls:
                            im[4] = True
                if h.type:
                    self.expression(h.type, ctx)
                self.block(h.body, ctx)
            self.block(st.orelse, ctx)
            self.block(st.finalbody, ctx)
        elif isinstance(st, (ast.With, ast.AsyncWith)):
            for i in st.items:
                self.field(i, ctx)
            expects = any(
                getattr(n, "id", getattr(n, "attr", None)) in CATCHES for i in st.items for n in ast.walk(i)
            )
            self.block(st.body, ctx.but(guard=ctx.calls) if expects else ctx)
        else:
            if ctx.calls == 0 and not ctx.cls:
                self.read_all(st, top)
            for field, value in ast.iter_fields(st):
                self.field(value, ctx)

    def field(self, value, ctx):
        if isinstance(value, list):
            for v in value:
                self.field(v, ctx)
        elif isinstance(value, ast.stmt):
            self.statement(value, ctx, False)
        elif isinstance(value, ast.expr):
            self.expression(value, ctx)
        elif isinstance(value, ast.AST):  # with items, match cases, …
            for _, v in ast.iter_fields(value):
                self.field(v, ctx)

    def branches(self, st, ctx, dead):
        self.expression(st.test, ctx)
        run = False if dead else self.truth(st.test)
        self.block(st.body, ctx.but(typ=True) if run is False else ctx)
        dead = dead or run is True
        rest = st.orelse
        if len(rest) == 1 and isinstance(rest[0], ast.If) and self.is_elif(st, rest[0]):
            self.branches(rest[0], ctx, dead)
        else:
            self.block(rest, ctx.but(typ=True) if dead else ctx)

    def is_elif(self, st, inner):
        return self.lines[inner.lineno - 1][inner.col_offset :].startswith(b"elif")

    def truth(self, e):
        """The value at run time: True, False, or None where it is not known."""
        if isinstance(e, ast.BoolOp):
            values = [self.truth(v) for v in e.values]
            decisive = isinstance(e.op, ast.Or)
            if decisive in values:
                return decisive
            return None if None in values else not decisive
        if isinstance(e, ast.UnaryOp) and isinstance(e.op, ast.Not):
            v = self.truth(e.operand)
            return None if v is None else not v
        if isinstance(e, ast.Attribute) and dotted(e.value):
            return False if e.attr == "TYPE_CHECKING" else None
        if isinstance(e, ast.Name):
            return False if e.id == "TYPE_CHECKING" or e.id in self.checking else None
        return None

    # -- expressions

    def expression(self, e, ctx):
        if not self.calls:
            return  # there is nothing to find
        if isinstance(e, ast.Lambda):
            self.expression(e.args, ctx)
            self.expression(e.body, ctx.but(calls=ctx.calls + 1))
            return
        if isinstance(e, ast.Call):
            self.call(e, ctx)
        for child in ast.iter_child_nodes(e):
            self.expression(child, ctx)

    def call(self, e, ctx):
        f = e.func
        if isinstance(f, ast.Name):
            builtin = f.id == "__import__"
            if not builtin and f.id not in self.functions:
                return
        elif isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name):
            builtin = f.attr == "__import__" and f.value.id in ("builtins", "__builtin__")
            if not builtin and not (f.attr == "import_module" and f.value.id in self.importlib):
                return
        else:
            return
        parameters = ["name", "globals", "locals", "fromlist", "level"] if builtin else ["name", "package"]
        given = dict(zip(parameters, e.args))
        given.update({k.arg: k.value for k in e.keywords if k.arg})
        if "name" not in given:
            if e.keywords:
                self.dynamic.append([f.lineno, self.column(f.lineno, f.col_offset)])
            return
        name = given["name"]
        spec = name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else None
        names = []
        if builtin:
            level = given.get("level", ast.Constant(0))
            if isinstance(level, ast.UnaryOp):
                level = ast.Constant(0)
            if spec is not None and spec.startswith(".") or not isinstance(level, ast.Constant):
                spec = None
            elif spec is not None:
                spec = "." * max(0, level.value) + spec
            listed = given.get("fromlist")
            if isinstance(listed, (ast.List, ast.Tuple)):
                for n in listed.elts:
                    if not isinstance(n, ast.Constant):
                        break
                    names.append([n.value, ""])
        elif spec and spec.startswith("."):
            package = given.get("package")
            if isinstance(package, ast.Name) and package.id == "__package__":
                pass
            elif isinstance(package, ast.Constant) and isinstance(package.value, str):
                level = len(spec) - len(spec.lstrip("."))
                parts = package.value.split(".")
                parts = parts[: len(parts) - level + 1]
                spec = ".".join(parts + [spec.lstrip(".")]).rstrip(".") if parts else None
            else:
                spec = None
        if not spec:
            self.dynamic.append([f.lineno, self.column(f.lineno, f.col_offset)])
        else:
            self.add(name.lineno, name.col_offset, spec, ctx, names)

    # -- __all__

    def read_all(self, st, top):
        if isinstance(st, ast.Assign) and any(is_all(t) for t in st.targets):
            if top and not any(is_all(n) for n in ast.walk(st.value)):
                self.all = []
            self.listed(st.value)
        elif isinstance(st, (ast.AugAssign, ast.AnnAssign)) and is_all(st.target) and st.value:
            if top and isinstance(st, ast.AnnAssign):
                self.all = []
            self.listed(st.value)
        elif isinstance(st, ast.Expr) and isinstance(st.value, ast.Call):
            f = st.value.func
            if isinstance(f, ast.Attribute) and is_all(f.value):
                if f.attr in ("extend", "append"):
                    for a in st.value.args:
                        self.listed(a)
                elif f.attr == "remove":
                    for a in st.value.args:
                        if isinstance(a, ast.Constant) and self.all and a.value in self.all:
                            self.all.remove(a.value)

    def listed(self, e):
        if self.all is None:
            self.all = []
        if isinstance(e, (ast.List, ast.Tuple, ast.Set)):
            for x in e.elts:
                if isinstance(x, ast.Constant) and isinstance(x.value, str):
                    self.all.append(x.value)
        elif isinstance(e, ast.Constant) and isinstance(e.value, str):
            self.all.append(e.value)
        elif isinstance(e, ast.BinOp) and isinstance(e.op, ast.Add):
            self.listed(e.left)
            self.listed(e.right)

    # -- places

    def column(self, line, offset):
        if self.encoding not in ("utf-8", "utf-8-sig"):
            offset = len(self.lines[line - 1][:offset].decode("utf-8").encode(self.encoding))
        return offset + 1

    def add(self, line, offset, specifier, ctx, names):
        self.imports.append([line, self.column(line, offset), specifier, ctx.kind, ctx.guard == ctx.calls, names, ctx.calls])

    def after_from(self, st):
        """The place of the module's name, which the tree does not tell."""
        line = st.lineno
        rest = self.lines[line - 1][st.col_offset + len("from") :]
        offset = st.col_offset + len("from")
        while True:
            m = re.match(rb"[ \t\f]*", rest)
            if rest[m.end() : m.end() + 1] != b"\\":
                return line, offset + m.end()
            line += 1
            rest = self.lines[line - 1]
            offset = 0


def is_all(e):
    return isinstance(e, ast.Name) and e.id == "__all__"


def dotted(e):
    while isinstance(e, ast.Attribute):
        e = e.value
    return isinstance(e, ast.Name)


def read(path):
    with open(path, "rb") as f:
        source = f.read()
    try:
        tree = ast.parse(source, path)
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        text = source.decode(encoding)
    except (SyntaxError, ValueError, RecursionError, MemoryError, LookupError) as e:
        return {"error": str(e) or type(e).__name__}
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.encode("utf-8", "surrogatepass").split(b"\n")
    try:
        r = Reader(tree, lines, path.endswith(".pyi"), encoding)
    except RecursionError as e:
        return {"error": str(e)}
    r.imports.sort(key=lambda im: im[:2])
    r.dynamic.sort()
    return {"encoding": encoding, "imports": [im[:6] for im in r.imports], "dynamic": r.dynamic, "all": r.all}


def main():
    root = sys.argv[1]
    out = sys.stdout
    for line in sys.stdin:
        path = line.rstrip("\n")
        facts = read(os.path.join(root, path))
        facts["path"] = path
        out.write(json.dumps(facts, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
