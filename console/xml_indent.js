// XML with one element a line.

const TOKENS = /<!--[^]*?(?:-->|$)|<!\[CDATA\[[^]*?(?:\]\]>|$)|<[^>]*(?:>|$)|[^<]+/g;
// Deeper levels stand as deep as this one: the text stays linear in what it was made of.
const MAX_INDENTED_LEVELS = 24;

const isMarkup = (token) => token.startsWith("<");
const isClosing = (token) => token.startsWith("</");
const isOpening = (token) => /^<[^/!?]/.test(token) && !token.endsWith("/>");

/** `text` indented by its elements, whether or not they are closed. An element that holds only text keeps its line. */
export function indentXml(text) {
  const lines = [];
  let level = 0;
  let isOpen = false; // the last line is an opening tag, with or without its text
  for (const [token] of text.matchAll(TOKENS)) {
    const shown = token.trim();
    if (shown === "") continue;
    if (isClosing(token)) level = Math.max(0, level - 1);
    const stays = isOpen && (isClosing(token) || !isMarkup(token));
    if (stays) lines[lines.length - 1] += shown;
    else lines.push("  ".repeat(Math.min(level, MAX_INDENTED_LEVELS)) + shown);
    if (isOpening(token)) ++level;
    isOpen = isOpening(token) || (stays && !isClosing(token));
  }
  return lines.join("\n");
}
