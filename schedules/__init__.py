"""What falls due (예약 작업): the clock of each case, the half-yearly account, digests, housekeeping."""
