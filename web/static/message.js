// One message as DOM nodes. Texts are only ever set as text.

import { callLink, withCalls } from "./links.js";
import { say, sayTime } from "./words.js";

const PHONE =
  "M6.5 3.5h3l1.6 4.4-2.2 1.5a12 12 0 0 0 5.7 5.7l1.5-2.2 4.4 1.6v3a2 2 0 0 1-2.2 2A17 17 0 0 1 4.5 5.7a2 2 0 0 1 2-2.2z";

export function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

export function theirMessage(reply, press) {
  const bubble = make("div", "bubble");
  if (reply.text) bubble.append(make("p", "words", withCalls(reply.text)));
  if (reply.photo) bubble.append(picture(reply.photo));
  if (reply.document) bubble.append(choices([[documentLink(reply.document)]]));
  if (reply.choices?.length) {
    bubble.append(choices(reply.choices.map((row) => row.map((one) => choice(one, press)))));
  }
  return make("div", "message theirs", bubble, make("p", "note", time(reply.at)));
}

export function myMessage(entry, again) {
  const bubble = make("div", "bubble", make("span", "unseen", `${say("me")}: `));
  bubble.append(make("p", "words", entry.kind === "photo" ? say("photo_gone") : (entry.label ?? entry.text)));
  const message = make("div", "message mine", bubble, make("p", "note"));
  showState(message, entry, again);
  return message;
}

export function showState(message, entry, again) {
  message.classList.toggle("failed", entry.state === "failed");
  const note = message.querySelector(".note");
  const words = { waiting: say("sending"), sent: say("sent"), failed: entry.reason || say("failed") };
  note.replaceChildren(time(entry.at), make("span", "", words[entry.state]));
  if (entry.state === "failed") {
    const button = make("button", "again", say("again"));
    button.type = "button";
    button.onclick = () => again(entry.id);
    note.append(button);
  }
}

export function showPicture(message, blob) {
  const image = picture(URL.createObjectURL(blob));
  message.querySelector(".words").replaceWith(image);
}

function picture(source) {
  const image = make("img", "picture");
  image.alt = say("photo_alt");
  image.src = source;
  return image;
}

function time(iso) {
  const node = make("time", "", sayTime(iso));
  node.dateTime = iso;
  return node;
}

function choices(rows) {
  return make("div", "choices", ...rows.map((row) => make("div", "row", ...row)));
}

function documentLink(path) {
  const link = make("a", "choice", say("document"));
  link.href = path;
  link.download = "";
  return link;
}

function choice(one, press) {
  if (one.telephone) {
    const link = callLink(one.telephone, one.label);
    link.className = "choice";
    link.prepend(phoneIcon());
    return link;
  }
  const button = make("button", "choice", one.label);
  button.type = "button";
  button.dataset.action = one.action;
  if (one.step !== undefined) button.dataset.step = one.step;
  // Not `disabled`: a button that is out of use keeps the focus, and a screen reader still finds it.
  button.onclick = () => button.ariaDisabled === "true" || press(one, button);
  return button;
}

function phoneIcon() {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PHONE);
  icon.append(path);
  return icon;
}
