"""The controller beside an open Live set: `jacqueesbot run`. docs/beside-live.md says how it works."""
