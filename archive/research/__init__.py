"""Research: what was asked, answered, agreed on and done, computed anew from the records every time."""
