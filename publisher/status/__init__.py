"""What an editor sees of a morning: this week, what waits for whom, what failed, what to type next."""
