// The page, put together: what is sent, what is shown, and what happens when the network goes and comes.

import { startComposer } from "./composer.js";
import { Following } from "./following.js";
import { startPhoto } from "./photo.js";
import { Pictures } from "./pictures.js";
import { startPlace } from "./place.js";
import { Sending } from "./sending.js";
import { Store, newId } from "./store.js";
import { Transcript } from "./transcript.js";
import { locale, say } from "./words.js";

const TYPING_AT_MOST = 30_000;
const TOAST_STAYS = 5000;
const { start, conversation } = document.body.dataset;

const find = (selector) => document.querySelector(selector);
const store = new Store(conversation);
const pictures = new Pictures();
const transcript = new Transcript(find(".log"), find("main"), find(".newer"), { press, again });
const sending = new Sending(store, pictures, locale, { changed, reached });
const following = new Following({ reply, passed, reached });

function put(content, hidden = false) {
  const entry = { id: newId(), at: new Date().toISOString(), after: following.last, state: "waiting", ...content };
  store.add({ ...entry, hidden });
  if (!hidden) transcript.addMine(entry, false);
  sending.run();
  return entry;
}

function press(choice, position) {
  put({ kind: "choice", choice: choice.action, message: position }, true);
}

function again(id) {
  changed(store.update(id, { state: "waiting", reason: "" }));
  sending.run();
}

function changed(entry) {
  if (!entry) return;
  transcript.changeMine(entry);
  if (entry.state === "sent" && entry.after >= following.last) typing(true);
  if (entry.state === "failed" && entry.hidden) {
    transcript.releasePressed();
    toast(entry.reason || say("failed"));
  }
}

function reply(one, old) {
  if (!old) passed();
  if (one.kind === "toast") {
    if (!old) toast(one.text);
    return;
  }
  transcript.addTheirs(one, old);
  if (old) markOldPresses(one);
  else if (one.locale !== locale) turnToTheOtherLanguage();
}

function markOldPresses(one) {
  const position = one.replaces ?? one.position;
  for (const entry of store.entries) {
    if (entry.kind === "choice" && entry.message === position && entry.after >= one.position) {
      transcript.markPressed(position, entry.choice);
    }
  }
}

function passed() {
  typing(false);
  transcript.releasePressed();
}

let typingTimer = 0;
function typing(on) {
  clearTimeout(typingTimer);
  find(".typing").hidden = !on;
  if (!on) return;
  transcript.toEnd();
  typingTimer = setTimeout(() => typing(false), TYPING_AT_MOST);
}

let toastTimer = 0;
function toast(text) {
  clearTimeout(toastTimer);
  find(".toast").textContent = text;
  find(".toast").hidden = !text;
  toastTimer = setTimeout(() => toast(""), TOAST_STAYS);
}

function reached(on) {
  find(".offline").hidden = on && navigator.onLine;
}

async function comeBack() {
  sending.run();
  await following.wake();
}

// The server holds the conversation in another language now: the page follows, once.
function turnToTheOtherLanguage() {
  const turned = Number(sessionStorage.getItem("sotong.turned"));
  if (Date.now() - turned < 10_000) return;
  sessionStorage.setItem("sotong.turned", String(Date.now()));
  location.reload();
}

async function changeLanguage(event) {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ locale: event.currentTarget.dataset.locale });
  const answer = await fetch("/chat/language", { method: "POST", headers, body }).catch(() => null);
  if (answer?.ok) location.reload();
  else reached(answer !== null);
}

async function greet() {
  if (start) {
    history.replaceState(null, "", "/");
    put({ kind: "text", text: `/start ${start}` }, true);
  } else if (following.last === 0 && store.entries.length === 0) {
    // Always the same id: two tabs opened at once greet one person once.
    put({ kind: "text", text: "/start", id: "start" }, true);
  }
}

async function begin() {
  for (const entry of store.entries.filter((one) => !one.hidden)) {
    transcript.addMine(entry, true);
    if (entry.kind === "photo") showMyPicture(entry.id);
  }
  startComposer(find(".composer"), store, (text) => put({ kind: "text", text }));
  startPhoto(find(".photo"), find("#picture"), sendPicture, () => toast(say("photo_too_large")));
  startPlace(
    find(".place"),
    () => toast(say("place_asking")),
    (point) => put({ kind: "location", label: say("place_sent"), location: point }),
    () => toast(say("place_denied")),
  );
  find(".language").onclick = changeLanguage;
  addEventListener("online", comeBack);
  addEventListener("offline", () => reached(false));
  document.addEventListener("visibilitychange", () => document.hidden || comeBack());
  while (!(await following.catchUp(true))) await new Promise((resolve) => setTimeout(resolve, 3000));
  transcript.toEnd();
  await greet();
  sending.run();
  following.follow();
}

async function sendPicture(picture) {
  const id = newId();
  await pictures.keep(id, picture);
  put({ kind: "photo", id });
  showMyPicture(id);
}

async function showMyPicture(id) {
  const picture = await pictures.find(id);
  if (picture) transcript.showMyPicture(id, picture);
}

begin();
