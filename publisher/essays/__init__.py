"""An essay from intake to decision: what was received, its body as HTML, its problems, its reviews."""
