"""Prints the import graph that grimp builds of the packages in a folder.

The folder is the first argument. Prints a JSON object: for each file the files
that it imports, as paths from the folder.
"""

import json
import os
import sys

import grimp

root = sys.argv[1]
sys.path.insert(0, root)
packages = sorted(
    name
    for name in os.listdir(root)
    if name.isidentifier() and os.path.isfile(os.path.join(root, name, "__init__.py"))
)
graph = grimp.build_graph(*packages, cache_dir=None)


def file(module):
    base = module.replace(".", "/")
    for path in (base + "/__init__.py", base + ".py"):
        if os.path.isfile(os.path.join(root, path)):
            return path
    return base


print(json.dumps({
    file(m): sorted(file(n) for n in graph.find_modules_directly_imported_by(m)) for m in sorted(graph.modules)
}))
