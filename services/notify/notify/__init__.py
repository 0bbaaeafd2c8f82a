"""Messages to people and from them, whatever the channel."""
