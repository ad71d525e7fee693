"""Core: what every layer stands on - errors, registries, configuration, randomness, files, devices, events."""
