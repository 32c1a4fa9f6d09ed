"""Prints the names that Python files bind when they are loaded, by CPython's ast.

Reads paths from standard input, one a line, relative to the folder given as the
first argument. Prints one JSON object a file: the bindings outside functions and
classes in order, each with line, column (from 1, in UTF-8 bytes; 0 where the tree
does not tell), name, kind, what it is imported as, and, of functions and classes,
the first line of the documentation and whether the result is annotated.
"""

import ast
import json
import os
import re
import sys
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Reader(ast.NodeVisitor):
    def __init__(self):
        self.names = []
        self.globals = set()
        self.function = 0

    def add(self, node, name, kind, imported="", doc=""):
        self.names.append([node.lineno, node.col_offset + 1, name, kind, imported, doc])

    def visit_FunctionDef(self, node):
        doc = ast.get_docstring(node, clean=False) or ""
        self.add(node, node.name, "function", doc=first_line(doc))
        self.inner(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        doc = ast.get_docstring(node, clean=False) or ""
        self.add(node, node.name, "type", doc=first_line(doc))
        self.inner(node)

    def inner(self, node):
        for n in ast.walk(node):
            if isinstance(n, ast.Global):
                self.globals.update(n.names)
        outside = list(node.decorator_list)
        if isinstance(node, FUNCTIONS):
            outside += node.args.defaults + [d for d in node.args.kw_defaults if d]
        else:
            outside += node.bases
        for e in outside:
            self.visit(e)

    def visit_Lambda(self, node):
        for d in node.args.defaults:
            self.visit(d)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self.add(node, node.id, "variable")

    def visit_comprehension(self, node):
        # Its targets are its own, but what := binds is the module's.
        self.visit(node.iter)
        for e in node.ifs:
            self.visit(e)

    def visit_AnnAssign(self, node):
        if isinstance(node.target, ast.Name):
            alias = "TypeAlias" in ast.unparse(node.annotation)
            self.add(node.target, node.target.id, "type" if alias else "variable")
        if node.value:
            self.visit(node.value)

    def visit_ExceptHandler(self, node):
        for s in node.body:
            self.visit(s)

    def visit_MatchAs(self, node):
        self.generic_visit(node)
        if node.name:
            self.names.append([0, 0, node.name, "variable", "", ""])

    def visit_MatchStar(self, node):
        if node.name:
            self.names.append([0, 0, node.name, "variable", "", ""])

    def visit_MatchMapping(self, node):
        self.generic_visit(node)
        if node.rest:
            self.names.append([0, 0, node.rest, "variable", "", ""])

    def visit_TypeAlias(self, node):
        self.add(node.name, node.name.id, "type")

    def visit_Import(self, node):
        for a in node.names:
            self.add(a, a.asname or a.name.split(".")[0], "module", "*")

    def visit_ImportFrom(self, node):
        for a in node.names:
            self.add(a, a.asname or a.name, "module" if a.name == "*" else "variable", a.name)


def first_line(doc):
    lines = re.split("[\r\n]", doc.strip(" \t\n\r\f\v"))
    return lines[0].strip()


def read(path):
    with open(path, "rb") as f:
        source = f.read()
    try:
        tree = ast.parse(source, path)
        r = Reader()
        r.visit(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError, LookupError) as e:
        return {"error": str(e) or type(e).__name__}
    names = {n[2] for n in r.names}
    for g in sorted(r.globals - names):
        r.names.append([0, 0, g, "variable", "", ""])
    return {"exports": r.names}


def main():
    root = sys.argv[1]
    for line in sys.stdin:
        path = line.rstrip("\n")
        facts = read(os.path.join(root, path))
        facts["path"] = path
        sys.stdout.write(json.dumps(facts, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
