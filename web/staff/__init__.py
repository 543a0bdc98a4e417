"""The staff console (직원용 화면): server-rendered pages below /staff, usable without any script."""
