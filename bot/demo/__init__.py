"""The demonstration (시연): a believable half-year of Incheon, for newcomers and trainers to look at."""
