"""The section `interviews`: what there is, where words stand, and one interview with everything that is said of it."""
