// Values as people read them.

const pad = (number, digits = 2) => String(number).padStart(digits, "0");

/** Local time of day with milliseconds; with the date unless it is today. */
export function formatTime(timestamp, now = new Date()) {
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return timestamp;
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}.${pad(time.getMilliseconds(), 3)}`;
  if (time.toDateString() === now.toDateString()) return clock;
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${clock}`;
}

/** The same moment in UTC, as RFC 3339 writes it. */
export function formatUtc(timestamp) {
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return timestamp;
  // Microseconds, where the entry has them: a Date does not.
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(timestamp) ? timestamp.replace("T", " ").replace("Z", " UTC")
    : time.toISOString().replace("T", " ").replace("Z", " UTC");
}

export function formatDuration(milliseconds) {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

export function formatMicroseconds(microseconds) {
  return microseconds < 1000 ? `${microseconds} µs` : formatDuration(Number((microseconds / 1000).toFixed(1)));
}

export function formatBytes(bytes) {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  const [unit, size] = bytes < 1024 ** 2 ? ["KB", 1024] : bytes < 1024 ** 3 ? ["MB", 1024 ** 2] : ["GB", 1024 ** 3];
  return `${(bytes / size).toFixed(bytes < 10 * size ? 1 : 0)} ${unit}`;
}

export const formatCount = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

// Characters that a screen does not show, or that turn the order of what follows: controls, bidirectional formatting,
// zero-width characters, tags, halves of surrogate pairs. A stored value may hold them to be read as something else.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function mark(character) {
  const code = character.codePointAt(0);
  if (code < 0x20) return String.fromCodePoint(0x2400 + code); // the pictures of the controls
  if (code === 0x7f) return "\u2421";
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
}

/** `text` on one line, every unseen character as a mark that can be read. */
export const visibleText = (text) => String(text).replace(UNSEEN, mark);

/** The same for text in a block of its own: line breaks and tabs stay. */
export const visibleBlock = (text) => String(text).replace(/\r\n/g, "\n").replace(UNSEEN, (character) =>
  (character === "\n" || character === "\t" ? character : mark(character)));

/** JSON with line breaks; any other text unchanged. */
export function prettyText(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" ? JSON.stringify(value, null, 2) : text;
  } catch {
    return text;
  }
}

/** The object a JSON text holds, or null. */
export function parseObject(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** A term of the query language that finds this value of this field. */
export function queryTerm(field, value) {
  const text = String(value);
  const plain = /^[A-Za-z0-9_./@%+][A-Za-z0-9_./@%+:-]*$/.test(text);
  return `${field}:${plain ? text : `"${text.replace(/["\\]/g, "\\$&")}"`}`;
}
