"""Series: what sensors measured over time, one channel each, on an even grid."""
