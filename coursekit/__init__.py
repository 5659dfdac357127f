"""A course on how neural networks learn: engine, gradient check, lectures and grading.

Import the room you need: ``from coursekit import engine, check``.
"""

__version__ = "0.1.0"
