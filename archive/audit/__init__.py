"""The audit of a home: everything in it accounted for, from the register outwards; what is damaged brought back."""
