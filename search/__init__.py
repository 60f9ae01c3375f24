"""The planner: arrangements and their scores. Pure: no sockets, no files."""
