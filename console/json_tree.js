// JSON as a tree, also when it ends in the middle or goes wrong somewhere: as far as it goes.
//
// Numbers stay as written (a double would change long ones), names that come twice stay twice, and nothing recurses, so
// that depth costs nothing.

const SPACE = /[\s\u001e]*/y; // U+001E parts the values of a JSON text sequence (RFC 7464)
const NUMBER = /-?[0-9][0-9.eE+-]*/y;
const WORD = /[A-Za-z]+/y;
const WORDS = ["true", "false", "null", "NaN", "Infinity"];

class Reader {
  #text;
  at = 0;

  constructor(text) {
    this.#text = text;
  }

  get atEnd() {
    return this.at >= this.#text.length;
  }

  get rest() {
    return this.#text.slice(this.at);
  }

  next() {
    this.#match(SPACE);
    return this.#text[this.at];
  }

  take(character) {
    const isThere = this.next() === character;
    if (isThere) ++this.at;
    return isThere;
  }

  /** A string, a number or a word; null where there is none. */
  scalar() {
    if (this.next() === '"') return this.#string();
    const number = this.#match(NUMBER);
    if (number) return { kind: "number", text: number, isWhole: !this.atEnd };
    const start = this.at;
    const word = this.#match(WORD);
    if (WORDS.includes(word)) return { kind: "word", text: word, isWhole: true };
    if (word && this.atEnd && WORDS.some((each) => each.startsWith(word))) return { kind: "word", text: word, isWhole: false };
    this.at = start;
    return null;
  }

  #match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  #string() {
    const start = this.at++;
    while (!this.atEnd && this.#text[this.at] !== '"') this.at += this.#text[this.at] === "\\" ? 2 : 1;
    const isWhole = !this.atEnd;
    this.at = Math.min(this.at + 1, this.#text.length);
    return { kind: "string", text: decoded(this.#text.slice(start, this.at), isWhole), isWhole };
  }
}

// What the escapes of a string stand for; as written, where they are none or it is torn.
function decoded(token, isWhole) {
  const inner = token.slice(1, isWhole ? -1 : undefined);
  if (!inner.includes("\\")) return inner;
  try {
    return JSON.parse(`"${inner}"`);
  } catch {
    return inner;
  }
}

const isContainer = (node) => node.kind === "object" || node.kind === "array";

/** One member or element of the container, without what is in it: false when there is none that can be read. */
function readChild(reader, container) {
  const child = { key: null, value: null };
  if (container.kind === "object") {
    if (reader.next() !== '"') return null;
    child.key = reader.scalar().text;
    if (!reader.take(":")) {
      container.children.push(child);
      return null;
    }
  }
  child.value = open(reader) ?? reader.scalar();
  if (child.value || child.key !== null) container.children.push(child);
  return child.value;
}

function open(reader) {
  for (const [kind, character] of [["object", "{"], ["array", "["]]) {
    if (reader.take(character)) return { kind, children: [], isWhole: false };
  }
  return null;
}

/** Reads what `root` holds, to its end or to where it cannot be read. False in the second case. */
function fill(reader, root) {
  const stack = [root];
  let needsComma = false;
  while (stack.length > 0) {
    const container = stack.at(-1);
    if (reader.take(container.kind === "object" ? "}" : "]")) {
      stack.pop().isWhole = true;
      needsComma = true;
      continue;
    }
    if (needsComma && !reader.take(",")) return false;
    const value = readChild(reader, container);
    if (value === null) {
      // A comma before the end is somebody's habit.
      if (!needsComma || !"]}".includes(reader.next() ?? "?")) return false;
    } else if (isContainer(value)) {
      stack.push(value);
    }
    needsComma = value !== null && !isContainer(value);
  }
  return true;
}

/**
 * { values, rest, isWhole }. A value: { kind: "object" | "array", children: [{ key, value }], isWhole } or
 * { kind: "string" | "number" | "word", text, isWhole }; the value of a child is null where the text ends before it. Several
 * values may follow one another, as lines or not. `rest`: what could not be read.
 */
export function jsonTree(text) {
  const reader = new Reader(text);
  const values = [];
  let canGoOn = true;
  while (canGoOn && reader.next() !== undefined) {
    const container = open(reader);
    const value = container ?? reader.scalar();
    if (value === null) break;
    values.push(value);
    if (container) canGoOn = fill(reader, container);
  }
  const rest = reader.rest;
  // A number at the end of the text is whole, unless the text was cut, which its reader knows.
  return { values, rest, isWhole: rest === "" && values.every((value) => value.isWhole || value.kind === "number") };
}
