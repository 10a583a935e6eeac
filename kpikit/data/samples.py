"""A small, believable company to learn, test and measure with; `python -m kpikit.data.samples` writes it."""

from __future__ import annotations

import sys

from kpikit.data.sample_company.bulk import make_orders
from kpikit.data.sample_company.company import make_company, write_samples

__all__ = ["make_company", "make_orders", "write_samples"]


def main(arguments: list[str]) -> None:
    """Write the sample company into a folder, data/samples by default."""
    for path in write_samples(arguments[0] if arguments else "data/samples"):
        print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
