"""Table columns: numbers and categories, scaled by rank for a network, one-hot or ordinal for classical learners."""
