// Phone numbers inside a text become links to call. Nothing else does: a text may hold strangers' words.
// A case's number stays in one piece. The first group is what stands before (older phones know no look-behind).

const CASE = String.raw`\d{2}-\d{5,7}(?![\d\-])`; // 26-00012

const NUMBER = new RegExp(
  String.raw`(^|[^\d\-])(` +
    [
      CASE,
      String.raw`0\d{1,3}-(?:\d{3,4}-\d{4}|\d{3})(?![\d\-])`, // 032-440-0000, 032-120
      String.raw`1[568]\d{2}-\d{4}(?![\d\-])`, // 1588-0000
      // 119, 112 … but not 112건, 110동, 119-3 or 120,000.
      String.raw`1(?:10|12|19|20)(?![\d\-]|[.,]\d|\s*(?:[건개명동호원년월일분시회%]|번지|번길|번\s*버스|층|미터|m))`,
    ].join("|") +
    ")",
  "g",
);

const WHOLE_CASE = new RegExp(`^${CASE}$`);

export function withCalls(text) {
  const parts = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(NUMBER)) {
    const [, before, number] = match;
    const begin = match.index + before.length;
    parts.append(text.slice(end, begin), WHOLE_CASE.test(number) ? inOnePiece(number) : callLink(number, number));
    end = begin + number.length;
  }
  parts.append(text.slice(end));
  return parts;
}

function inOnePiece(number) {
  const piece = document.createElement("span");
  piece.className = "whole";
  piece.textContent = number;
  return piece;
}

export function callLink(number, label) {
  const link = document.createElement("a");
  link.href = `tel:${number.replace(/[^\d+]/g, "")}`;
  link.textContent = label;
  return link;
}
