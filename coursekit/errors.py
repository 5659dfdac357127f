"""The error that ends a command: one sentence for the person at the keyboard."""


class UsageError(Exception):
    """What was asked cannot be done as asked; the message says what was expected, what came, and what to do."""
