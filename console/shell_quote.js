// One argument of a shell command, for bash and zsh: whatever the text holds, the program gets exactly that.

// Controls, and what a terminal does not show or turns around: escaped, so that a person sees what is pasted.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const ESCAPES = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", "'": "\\'" };

const encoder = new TextEncoder();
// As bytes: \u would depend on the locale of the shell. A shell reads two hexadecimal digits at most.
const bytesOf = (character) => Array.from(encoder.encode(character), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");

/** No program can get an argument with U+0000 in it. */
export const canBeArgument = (text) => !text.includes("\0");

/** `text` in quotes: '…' where it can be, else $'…'. */
export function shellQuote(text) {
  if (!UNSEEN.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  // ! too: an interactive shell of an older make looks for its history within $'…', behind a \'.
  return `$'${text.replace(/[\\'!\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => ESCAPES[character] ?? bytesOf(character))}'`;
}
