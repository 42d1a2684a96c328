"""Cards as pages for a browser: what a student will see, before anything is imported."""
