"""`python -m kpikit`: the command line."""

from kpikit.cli import main

if __name__ == "__main__":
    main()
