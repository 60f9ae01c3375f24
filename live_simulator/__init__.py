"""The embedded Live: object model, clock, audio engine. All but the engine is stdlib and runs on Python 3.7."""
