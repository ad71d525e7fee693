"""Audio: files of speech or sound, seen as log-mel spectrograms."""
