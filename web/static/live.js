// What comes in during a meeting: asked for every five seconds while the page is looked at.

const EVERY = 5000;

const live = document.getElementById("live");
const ended = document.getElementById("live-ended");

async function renew() {
  if (document.hidden) return;
  try {
    const answer = await fetch(live.dataset.part);
    ended.hidden = answer.ok && !answer.redirected;
    if (!ended.hidden) return;
    const part = await answer.text();
    if (part.trim() !== live.dataset.last) {
      live.innerHTML = part;
      live.dataset.last = part.trim();
    }
  } catch (error) {
    // Without a line nothing is new; the next round asks again.
    if (!(error instanceof TypeError)) throw error;
  }
}

setInterval(renew, EVERY);
addEventListener("visibilitychange", renew);
