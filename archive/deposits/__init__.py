"""Filing what arrives and reading back what was filed: deposits, models, protocols."""
