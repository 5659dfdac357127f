"""Whole programs of students, right ones in many styles and wrong ones with their stories."""
