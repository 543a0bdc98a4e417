"""Tables out of cases and meetings, and the files they come from and go to: figures, import, export."""
