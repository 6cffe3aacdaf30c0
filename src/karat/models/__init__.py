"""Models in process: features of assets, and a classifier that learns from few labels."""
