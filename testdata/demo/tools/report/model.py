"""What was sold."""

import json
from dataclasses import dataclass

from .table import WIDTH


@dataclass
class Sale:
    name: str
    cents: int


def read(source):
    for row in json.load(source):
        yield Sale(row["name"][:WIDTH], row["cents"])
