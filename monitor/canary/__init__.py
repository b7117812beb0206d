"""A made-up article sent the whole way now and then: whether alerts would still arrive."""
