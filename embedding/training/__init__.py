"""Training the ears: notes and recordings in, weights and their card out."""
