// How long to wait for an answer before it counts as none.

export function giveUpAfter(milliseconds) {
  const control = new AbortController();
  setTimeout(() => control.abort(), milliseconds);
  return control.signal;
}
