"""The application: command line, library, OSC, exports. Everything may be imported from here; nothing imports this."""
