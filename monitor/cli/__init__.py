"""The command line: session, output, parameters. Commands are in `commands/`."""
