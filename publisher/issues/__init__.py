"""Publishing week by week: a home's records read into a `Site`, an issue made of it, a week explained."""
