"""The rules of a case (건의): its states and who may change them, numbers, deadlines. Does no I/O."""
