"""The numeric checks of the slide rows, one module a lecture; ``coursekit.slides.verify`` runs them by row id."""
