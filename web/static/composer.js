// Where the person writes: it grows, keeps its draft, and leaves Enter to those who have a keyboard.

export function startComposer(form, store, send) {
  const area = form.querySelector("textarea");
  const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)").matches;

  const grow = () => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };

  const submit = () => {
    const words = area.value.trim();
    area.focus();
    if (!words) return;
    area.value = "";
    store.draft = "";
    grow();
    send(words);
  };

  area.value = store.draft;
  grow();
  area.addEventListener("input", () => {
    store.draft = area.value;
    grow();
  });
  area.addEventListener("keydown", (event) => {
    // While a Korean syllable is being put together, Enter only finishes it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !hasKeyboard) return;
    event.preventDefault();
    submit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
}
