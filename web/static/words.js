// The page's texts, as the server wrote them into it, and how times are written.

const texts = JSON.parse(document.body.dataset.words);

export const locale = document.documentElement.lang;

export function say(name) {
  return texts[name];
}

const hour = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(locale, { month: "long", day: "numeric" });

export function sayTime(iso) {
  const at = new Date(iso);
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  const time = hour.format(at);
  if (at >= midnight) return time;
  midnight.setDate(midnight.getDate() - 1);
  return `${at >= midnight ? say("yesterday") : day.format(at)} ${time}`;
}
