// The parts of a multipart form, out of the summary that was recorded of it: one line each,
// [part name="avatar" filename="me.png" type=image/png size=20480] "text"

const STRING = '"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"';
const LINE = new RegExp(`^\\[part(?: name=(${STRING}))?(?: filename=(${STRING}))?(?: type=([^ \\]]*))?(?: size=([0-9]+)(\\+?))?\\](?: ("[^]*))?$`);

function decoded(token) {
  if (token === undefined) return "";
  const closed = token.length > 1 && token.endsWith('"') ? token : `${token}"`; // a text that was cut has no end
  try {
    return JSON.parse(closed);
  } catch {
    return token;
  }
}

export const isMultipartSummary = (text) => text.startsWith("[part ") || text.startsWith("[part]");

/** [{ name, file, type, size, isWhole, text }], with null for a size that is not known; null when it is no summary. */
export function multipartParts(summary) {
  const parts = [];
  for (const line of summary.split("\n")) {
    const match = LINE.exec(line);
    if (!match && parts.length === 0) return null;
    if (!match) {
      parts.push({ name: "", file: "", type: "", size: null, isWhole: false, text: line });
      continue;
    }
    const [, name, file, type, size, more, text] = match;
    parts.push({ name: decoded(name), file: decoded(file), type: type ?? "", size: size === undefined ? null : Number(size), isWhole: more !== "+",
      text: decoded(text) });
  }
  return parts;
}
