"""Lays out a report."""

from typing import TYPE_CHECKING

from .model import Sale, read

if TYPE_CHECKING:
    from typing import TextIO

WIDTH = 40


def render(source: "TextIO") -> str:
    return "\n".join(line(sale) for sale in read(source))


def line(sale: Sale) -> str:
    return sale.name.ljust(WIDTH) + str(sale.cents)
