// The intake form as it is typed: place, office and similar cases appear, Enter goes on, Ctrl+Enter saves.
// Without this script the form works the same by its button to look.

const WAIT = 400;

const form = document.getElementById("entry");
const shown = document.getElementById("understood");
const said = document.getElementById("said");
const filled = ["title", "place", "kind", "office"].map((name) => form.elements.namedItem(name));
const touched = new Set(filled.filter((field) => field.value));
let timer = 0;
let asked = new AbortController();

function fill(from) {
  for (const field of filled) {
    const value = from.dataset[field.name] ?? "";
    if (!touched.has(field) && (value || field.dataset.read)) {
      field.value = value;
      field.dataset.read = "1";
    }
  }
}

async function understand() {
  asked.abort();
  asked = new AbortController();
  const sent = new FormData(form);
  // What was only read from the text must not bind the next reading.
  for (const field of filled) if (!touched.has(field)) sent.delete(field.name);
  for (const name of ["name", "phone", "consent"]) sent.delete(name);
  try {
    const answer = await fetch(form.dataset.understood, { method: "POST", body: sent, signal: asked.signal });
    if (!answer.ok || answer.redirected) return;
    shown.innerHTML = await answer.text();
    const from = shown.querySelector(".understood");
    if (from) fill(from);
    // Read out in a few words; the whole of it each time would drown what is being typed.
    const words = from?.dataset.said ?? "";
    if (said.textContent !== words) said.textContent = words;
  } catch (error) {
    // Cut off by newer words, or without a line: the form can be saved all the same.
    if (!(error instanceof TypeError) && error.name !== "AbortError") throw error;
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(understand, WAIT);
}

form.addEventListener("input", (event) => {
  const field = event.target;
  if (filled.includes(field)) {
    if (field.value) touched.add(field);
    else touched.delete(field);
  }
  if (["text", "place", "kind", "office"].includes(field.name)) soon();
});

shown.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  event.preventDefault();
  const field = form.elements.namedItem(button.name.replace("pick_", ""));
  field.value = button.value;
  touched.add(field);
  field.focus();
  understand();
});

function following(field) {
  const fields = [...form.elements].filter(
    (one) => one.type !== "hidden" && one.tagName !== "FIELDSET" && one.offsetParent && !one.closest("#understood, .look"),
  );
  return fields[fields.indexOf(field) + 1];
}

addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.requestSubmit(document.getElementById("save"));
  } else if (form.contains(event.target) && event.target.matches("input, select")) {
    event.preventDefault();
    following(event.target)?.focus();
  }
});

form.addEventListener("submit", () => {
  // A second press while the first is on its way does nothing; the server would not file twice either.
  setTimeout(() => document.getElementById("save").setAttribute("disabled", ""), 0);
});
addEventListener("pageshow", () => document.getElementById("save").removeAttribute("disabled"));

document.querySelector(".look").hidden = true;
for (const hint of document.querySelectorAll(".with-script")) hint.hidden = false;
