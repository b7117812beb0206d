"""Measuring: each file is a command of its own; README.md lists them by what you want to know."""
