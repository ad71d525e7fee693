"""Sequence: images in an order - frames of a video, pages of a file, images of a folder or of several columns."""
