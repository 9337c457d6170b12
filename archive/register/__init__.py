"""The register and its proofs: what an outsider audits. Imports the standard library and `cryptography` only."""
