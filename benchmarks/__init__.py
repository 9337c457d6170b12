"""What the programs cost beside others that do similar work: paired runs, never timed tests (CONTRIBUTING.md)."""
