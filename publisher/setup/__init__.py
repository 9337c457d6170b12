"""What a newsletter needs: asked for, explained, and written into a home as one change."""
