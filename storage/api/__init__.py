"""The promise: what a storage keeps, and how it behaves when asked twice or at the same time.

One narrow protocol per noun. Each is used inside one open transaction. The contract tests
(`tests/contract/stores/`) run the same text against every implementation.

What holds for all of them:

* every write that creates something may be repeated; the second time it changes nothing;
* lists are sorted as their docstring says, never by chance;
* `prefix` arguments accept a unique beginning of an id, or a name where the noun has one; what
  is named exactly so comes before what only begins so, and "" finds nothing;
* `since` includes that very moment; `limit=None` means all;
* text is stored as given; callers clean it first (NUL and lone surrogates are refused by
  PostgreSQL, so no storage accepts them);
* a value that cannot be stored (such a text, an instant without a time zone) or that points at
  something that is not there (an alert of an unknown rule) raises ValueError, and the whole
  transaction is to be given up;
* changing something that does not exist changes nothing.
"""
