"""Doors that belong to no capability, or to one that lies below `access` and so cannot know who asks."""
