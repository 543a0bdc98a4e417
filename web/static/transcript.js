// The conversation on the screen: every message in its place, buttons in or out of use, scrolling.

import { myMessage, showPicture, showState, theirMessage } from "./message.js";
import { say } from "./words.js";

const NEAR = 120;

export class Transcript {
  #order = new WeakMap();
  #byPosition = new Map();
  #byId = new Map();
  #step = -1;

  constructor(log, scroller, newer, act) {
    this.log = log;
    this.scroller = scroller;
    this.newer = newer;
    this.act = act; // press(choice, position), again(id)
    newer.onclick = () => this.toEnd();
    scroller.addEventListener("scroll", () => this.#atEnd() && (newer.hidden = true), { passive: true });
  }

  addMine(entry, old) {
    const message = myMessage(entry, this.act.again);
    this.#byId.set(entry.id, message);
    this.#insert(message, entry.after + 0.5);
    if (!old) this.toEnd();
  }

  changeMine(entry) {
    const message = this.#byId.get(entry.id);
    if (message) showState(message, entry, this.act.again);
  }

  showMyPicture(id, blob) {
    const message = this.#byId.get(id);
    if (message) showPicture(message, blob);
  }

  addTheirs(reply, old) {
    const wasAtEnd = this.#atEnd();
    const position = reply.replaces ?? reply.position;
    const before = this.#byPosition.get(position);
    const message = theirMessage(reply, (choice, button) => this.#press(choice, button, position));
    this.#byPosition.set(position, message);
    this.#retireSteps(reply);
    if (before) this.#replace(before, message, old);
    else this.#insert(message, reply.position);
    if (!old && !before) this.#show(message, wasAtEnd);
  }

  // A button that was pressed, now or on an earlier visit.
  markPressed(position, action) {
    const message = this.#byPosition.get(position);
    for (const button of message?.querySelectorAll("button.choice") ?? []) {
      if (button.dataset.action === action) button.ariaPressed = "true";
      if (button.dataset.step !== undefined) button.ariaDisabled = "true";
    }
  }

  // The answer to a press is here: buttons that stay good may be pressed again.
  releasePressed() {
    for (const button of this.log.querySelectorAll("button.choice[aria-pressed]:not([data-step])")) {
      button.removeAttribute("aria-pressed");
      button.removeAttribute("aria-disabled");
    }
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.newer.hidden = true;
  }

  #press(choice, button, position) {
    button.ariaPressed = "true";
    button.ariaDisabled = "true";
    this.markPressed(position, choice.action);
    this.act.press(choice, position);
  }

  #retireSteps(reply) {
    const steps = (reply.choices ?? []).flat().map((choice) => choice.step ?? -1);
    const newest = Math.max(-1, ...steps);
    if (newest <= this.#step) return;
    this.#step = newest;
    for (const button of this.log.querySelectorAll("button.choice[data-step]")) {
      if (Number(button.dataset.step) < newest) button.ariaDisabled = "true";
    }
  }

  #replace(before, after, old) {
    const hadFocus = before.contains(document.activeElement);
    this.#order.set(after, this.#order.get(before));
    before.replaceWith(after);
    if (old) return;
    after.classList.add("changed");
    if (hadFocus) this.#focusInside(after);
    after.scrollIntoView({ block: "nearest" });
  }

  #focusInside(message) {
    const target = message.querySelector(".choice") ?? message;
    if (target === message) message.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  #insert(message, order) {
    this.#order.set(message, order);
    let next = null;
    for (let one = this.log.lastElementChild; one && this.#order.get(one) > order; one = one.previousElementSibling) {
      next = one;
    }
    this.log.insertBefore(message, next);
  }

  #show(message, wasAtEnd) {
    if (!wasAtEnd) {
      this.#offerEnd(say("newer"));
    } else if (message.offsetHeight > this.scroller.clientHeight) {
      message.scrollIntoView({ block: "start" });
      this.#offerEnd(say("below"));
    } else {
      this.toEnd();
    }
  }

  #offerEnd(words) {
    this.newer.textContent = words;
    this.newer.hidden = false;
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }
}
