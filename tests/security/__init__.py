"""Tests of what hostile submissions try."""
