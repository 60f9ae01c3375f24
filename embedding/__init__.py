"""The ears: sound in, numbers out. Knows nothing of Live, OSC or search."""
