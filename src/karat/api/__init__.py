"""The assembly: routes collected, events wired to handlers, the server put together."""
