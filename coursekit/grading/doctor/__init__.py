"""Is it safe to grade here? Each module looks at one thing and says what it found and how to mend it."""
