"""One sample of every message, as it travels; a change that breaks an old sample breaks its readers."""
