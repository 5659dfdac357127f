"""Is an assignment fair, do its tests find what is wrong, and does anything give a solution away."""
