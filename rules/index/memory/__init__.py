"""The memory of an index in native code: what goes in and out, and the file that keeps it."""
