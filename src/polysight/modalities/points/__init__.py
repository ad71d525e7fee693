"""Points: LiDAR sweeps, depth scans and three-dimensional models."""
