"""Reports: the published tables from files, and files of all sorts."""
