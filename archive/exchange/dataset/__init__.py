"""A dataset: what was filed as typed tables in Parquet, by model, with its dictionary and what repositories ask for."""
