"""What a client is made of: one class for each thing on the server."""
