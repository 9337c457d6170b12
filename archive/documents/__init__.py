"""What is shown: a `Document` says it once, and is set for the terminal, as Markdown or as one HTML page; `plain` is
the same for programs. Nothing here knows what documents are about."""
