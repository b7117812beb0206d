"""The program: `monitor`, and `python -m monitor`."""

import gc

IN_A_ROW = 50_000
"""So many new objects before garbage is looked for. Modules and what they hold are kept for good:
to look through them again and again takes a quarter of a short command's time.
"""


def main() -> None:
    """Run the command that the process was started with, and exit."""
    gc.set_threshold(IN_A_ROW)

    from monitor.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
