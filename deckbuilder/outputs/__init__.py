"""Several packages from one deck: which notes each of them holds."""
