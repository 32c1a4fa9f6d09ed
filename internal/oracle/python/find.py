"""Finds what the imports of trees of Python files lead to, with CPython's own finders.

Reads one JSON object a line, {"files": {path: text}, "roots": [path], "installed": bool}:
the roots are folders of PYTHONPATH, in their order, or if installed such as come behind
the standard library. Answers each with one line, an object from the
path of a file to a list with, for each of its imports, the targets as [module, kind],
sorted, or null where Python finds no module. A file that no import can name, or whose
name another answers to, is left out.

Nothing is executed: a dotted name is followed through the specs that the finders give
for its parts. Source comes before what was compiled from it.
"""

import importlib.machinery as machinery
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import types
from unittest import mock

here = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("imports", os.path.join(here, "imports.py"))
imports = importlib.util.module_from_spec(spec)
spec.loader.exec_module(imports)


class Tree:
    def __init__(self, top, roots, installed):
        self.top = top
        self.installed = installed
        self.roots = [os.path.normpath(os.path.join(top, r)) for r in roots]
        self.specs = {}

    def file(self, spec):
        """The file of a spec, "" for a namespace package, relative to the tree."""
        if spec.origin is None:
            return ""
        folder, name = os.path.split(spec.origin)
        if not name.endswith(".py"):
            source = os.path.join(folder, name.split(".")[0] + ".py")
            if os.path.isfile(source):
                return os.path.relpath(source, self.top)
        return os.path.relpath(spec.origin, self.top)

    def find(self, name):
        """The spec of a dotted name, or None."""
        if name not in self.specs:
            parent, _, _ = name.rpartition(".")
            path, loaded = self.roots, {}
            if parent:
                above = self.find(parent)
                path = None if above is None else above.submodule_search_locations
                # The path of a namespace asks the module above it for its own.
                loaded[parent] = types.SimpleNamespace(__path__=path)
            found = None
            if path is not None:  # which would mean sys.path to the finder
                with mock.patch.dict(sys.modules, loaded):
                    found = machinery.PathFinder.find_spec(name, path)
                    if found is not None and found.submodule_search_locations is not None:
                        found.submodule_search_locations = list(found.submodule_search_locations)
            self.specs[name] = found
        return self.specs[name]

    def closed(self, name):
        """Whether a name lies in a regular package, to which nothing adds."""
        return any(self.file(self.find(name[:i])) for i, c in enumerate(name) if c == ".")

    def name(self, path):
        """The dotted name and the package of a file, None where it has none."""
        full = os.path.join(self.top, path)
        for root in self.roots:
            if full.startswith(root + "/"):
                rel = full[len(root) + 1 : -len(".py")].split("/")
                package = rel[:-1]
                if rel[-1] == "__init__":
                    rel = rel[:-1]
                name = ".".join(rel)
                found = self.find(name) if name else None
                if found is not None and self.file(found) == path:
                    return name, ".".join(package)
        return None

    def resolve(self, path, package, specifier, kind, names):
        if specifier.startswith("."):
            try:
                name = importlib.util.resolve_name(specifier, package)
            except ImportError:
                return None
            if not package:
                return None
        else:
            name = specifier
            top = name.split(".")[0]
            if machinery.BuiltinImporter.find_spec(top) or machinery.FrozenImporter.find_spec(top):
                return [["python:" + top, kind]]
            found = self.find(top)
            if top in sys.stdlib_module_names and (self.installed or found is None or found.origin is None):
                return [["python:" + top, kind]]
            if found is None:
                return [["pypi:" + top, kind]]
        spec = self.find(name)
        if spec is None:
            return None
        targets, whole = {}, not names
        for n, _ in names:
            sub = self.find(name + "." + n) if n != "*" else None
            if sub is not None and self.file(sub):
                targets[self.file(sub)] = kind
            elif sub is None or spec.origin is not None:
                whole = True
        if whole:
            if spec.origin is not None:
                targets[self.file(spec)] = kind
            elif not targets:
                return None
            elif not specifier.startswith(".") and not self.closed(name):
                # Another portion of the namespace may have what is missing.
                targets["pypi:" + name.split(".")[0]] = kind
        parts = name.split(".")
        for i in range(1, len(parts) + 1):
            init = self.file(self.find(".".join(parts[:i])))
            if init and init != path:
                targets.setdefault(init, "implicit")
        return sorted([t, k] for t, k in targets.items())


def answer(request):
    top = tempfile.mkdtemp()
    try:
        for path, text in request["files"].items():
            full = os.path.join(top, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w") as f:
                f.write(text)
        tree = Tree(top, request["roots"], request["installed"])
        out = {}
        for path in request["files"]:
            if not path.endswith(".py"):
                continue
            named = tree.name(path)
            if named is None:
                continue
            facts = imports.read(os.path.join(top, path))
            out[path] = [tree.resolve(path, named[1], im[2], im[3], im[5]) for im in facts["imports"]]
        return out
    finally:
        shutil.rmtree(top)
        sys.path_importer_cache.clear()


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
