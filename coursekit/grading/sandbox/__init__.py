"""What keeps a student's process away from everything but its own workspace."""
