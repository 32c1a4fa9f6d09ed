import sys

from report.table import render

print(render(sys.stdin))
