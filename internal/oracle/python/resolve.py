"""Prints which modules the imports of a tree of Python files lead to.

A short resolver of its own, for one root that holds top-level packages: reads
paths from standard input, one a line, relative to the root given as the first
argument, and takes the imports from imports.py. Prints one JSON object a file:
for each import its targets as [module, kind], sorted, or null where no module
answers. With "first" as the second argument the root comes before the standard
library, as a folder of PYTHONPATH does.
"""

import functools
import importlib.util
import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("imports", os.path.join(here, "imports.py"))
imports = importlib.util.module_from_spec(spec)
spec.loader.exec_module(imports)

ROOT = sys.argv[1]
FIRST = sys.argv[2:] == ["first"]
EXTENSIONS = (".so", ".pyd", ".pyx")


def home(path):
    """The folder above the package of a file that looks there first: of a stub,
    and of a script that no import can name."""
    folder = os.path.dirname(path)
    while folder and (exists(folder + "/__init__.py") or exists(folder + "/__init__.pyi")):
        folder = os.path.dirname(folder)
    if path.endswith(".pyi") or not all(part.isidentifier() for part in folder.split("/")):
        return folder
    return None


@functools.lru_cache(None)
def exists(path):
    return os.path.isfile(os.path.join(ROOT, path))


@functools.lru_cache(None)
def listing(folder):
    try:
        return sorted(os.listdir(os.path.join(ROOT, folder)))
    except OSError:
        return []


def compiled(base):
    folder, name = os.path.split(base)
    names = listing(folder)
    found = [n for n in names if n.startswith(name + ".") and n.endswith(EXTENSIONS) and n.count(".") <= 2]
    found.sort(key=lambda n: not n.endswith(".pyx"))
    return os.path.join(folder, found[0]) if found else None


@functools.lru_cache(None)
def locate(name, stubs, home=""):
    """The file of a module, "" for a namespace package, None for nothing."""
    base = os.path.join(home, name.replace(".", "/"))
    package = [base + "/__init__.py"]
    module = [base + ".py", compiled(base), base + ".pyi", base + "/__init__.pyi"]
    if stubs:
        package = [base + "/__init__.pyi", base + "/__init__.py"]
        module = [base + ".pyi", base + ".py", compiled(base)]
    for path in package + module:
        if path and exists(path):
            return path
    return "" if os.path.isdir(os.path.join(ROOT, base)) else None


def absolute(path, specifier):
    if not specifier.startswith("."):
        return specifier
    rest = specifier.lstrip(".")
    parts = path.split("/")[:-1]
    level = len(specifier) - len(rest) - 1
    if level >= len(parts):
        return None
    parts = parts[: len(parts) - level]
    return ".".join(parts + ([rest] if rest else []))


def resolve(path, specifier, kind, names):
    stubs = kind == "type"
    name = absolute(path, specifier)
    if name is None:
        return None
    top = name.split(".")[0]
    above = 0  # how many parts of the name lie above the root
    if not specifier.startswith("."):
        standard = top in sys.stdlib_module_names or top == "__main__"
        found = locate(top, stubs)
        first = home(path)
        if first is not None and not (FIRST and found) and locate(top, stubs, first):
            parts = [part for part in first.split("/") if part]
            above = len(parts)
            name = ".".join(parts + [name])
        elif standard and not (FIRST and found):
            return [["python:" + top, kind]]
        elif found is None:
            return [["pypi:" + top, kind]]
    else:
        # A folder of which no import can tell the name is outside any package.
        for i, part in enumerate(path.split("/")[:-1]):
            if not part.isidentifier():
                above = i + 1
    parents = [".".join(name.split(".")[:i]) for i in range(above + 1, name.count(".") + 1)]
    targets = {}
    here = locate(name, stubs)
    whole = not names
    for n, _ in names:
        sub = locate(name + "." + n, stubs) if n != "*" and here is not None and is_package(here) else None
        if sub:
            targets[sub] = kind
            parents.append(name)
        else:
            whole = True
    if whole:
        if here is None:
            return None
        if here == "":
            return None if not targets else done(path, targets, parents, stubs)
        targets[here] = kind
    return done(path, targets, parents, stubs)


def is_package(file):
    return file == "" or os.path.basename(file).split(".")[0] == "__init__"


def done(path, targets, parents, stubs):
    for p in parents:
        init = locate(p, stubs)
        if init and init != path:
            targets.setdefault(init, "implicit")
    for t in [t for t, kind in targets.items() if kind not in ("type", "implicit")]:
        folder, name = os.path.split(t)
        stub = os.path.join(folder, name.split(".")[0] + ".pyi")
        if exists(stub) and stub not in (path, t) and targets.get(stub) != "type":
            targets[stub] = "type"
    return sorted([t, k] for t, k in targets.items())


for line in sys.stdin:
    path = line.rstrip("\n")
    facts = imports.read(os.path.join(ROOT, path))
    out = {"path": path, "targets": []}
    for _, _, specifier, kind, _, names in facts.get("imports", []):
        out["targets"].append(resolve(path, specifier, kind, names))
    print(json.dumps(out))
