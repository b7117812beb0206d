"""The one way out of this machine: which addresses may be connected to."""
