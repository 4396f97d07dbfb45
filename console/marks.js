// What recording did to a text: values that masking replaced, and places where it was cut. Both stand in the text itself.

export const MASKED = "***";
export const CUT = "...[truncated]";
/** The name of a header that stands for those that were left out. */
export const LEFT_OUT_HEADER = "...";

export const MASKED_MEANING = "Masked: a secret stood here and was replaced before anything was kept. "
  + "(Three asterisks that were sent as such look the same.)";
export const CUT_MEANING = "Cut: the text went on here, beyond the limit of what is recorded.";

// Exactly three asterisks: a longer run is decoration of somebody's text.
const MARKS = /(?<!\*)\*{3}(?!\*)|\.\.\.\[truncated\]/g;

export const isCut = (text) => text.endsWith(CUT);
export const withoutCut = (text) => (isCut(text) ? text.slice(0, -CUT.length) : text);

/** `text` in pieces: { text, mark }, with mark "", "masked" or "cut". At most `maxMarks` marks; the rest is one piece. */
export function piecesOf(text, maxMarks = Infinity) {
  const pieces = [];
  let at = 0;
  let left = maxMarks;
  for (const match of text.matchAll(MARKS)) {
    if (left-- <= 0) break;
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), mark: "" });
    pieces.push({ text: match[0], mark: match[0] === MASKED ? "masked" : "cut" });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), mark: "" });
  return pieces;
}

// Each value once: full_url holds path and query again, error_message may repeat the body of the response.
const COUNTED = ["path", "query_string", "referer", "request_headers", "request_body", "response_headers", "response_body",
  "error_stack", "message", "error_detail", "metadata"];

/** How many values of an entry were masked, and how many texts cut: { masked, cut }. */
export function countMarks(entry) {
  const texts = COUNTED.map((field) => entry[field] ?? "");
  if (entry.error_message && !withoutCut(entry.response_body ?? "").startsWith(withoutCut(entry.error_message))) {
    texts.push(entry.error_message);
  }
  texts.push(...Object.values(entry.tags ?? {}));
  const count = { masked: 0, cut: 0 };
  for (const text of texts) {
    for (const match of String(text).matchAll(MARKS)) ++count[match[0] === MASKED ? "masked" : "cut"];
  }
  return count;
}
