"""Understanding a resident's Korean text: places, routing, intent, masking. Does no I/O."""
