"""Stories that go on after an alert: what their readers are told, and what has waited for it."""
