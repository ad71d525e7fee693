"""Explain: why a model says what it says of one row, by questions about its answers that can be tested."""
