"""What is known of models, what they asked for and what was answered, what is due; protocols and codebooks."""
