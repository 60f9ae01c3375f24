"""What a producer opens in Max, Live or Pure Data to talk to `jacqueesbot run`. Not part of the installed program."""
