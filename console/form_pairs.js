// The pairs of a form, or of the query of an address.

const decoder = new TextDecoder();

// Escapes that are none stay as they are; bytes that are no UTF-8 become U+FFFD.
function decode(text) {
  return text.replaceAll("+", " ").replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) =>
    decoder.decode(Uint8Array.from(escapes.slice(1).split("%"), (digits) => Number.parseInt(digits, 16))));
}

/** [name, value] of each pair, decoded, in the order they came; of one without "=" the value is null. */
export function formPairs(text) {
  return text.split("&").filter((pair) => pair !== "").map((pair) => {
    const at = pair.indexOf("=");
    return at === -1 ? [decode(pair), null] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
  });
}
