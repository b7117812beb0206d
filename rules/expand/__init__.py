"""A rule's variants, made from lexicons and from what translators say."""
