// The short help: the query language by example, and the keys.

import { element } from "./dom.js";

const EXAMPLES = [
  ["timeout", "this text anywhere in a value, in upper or lower case"],
  ['"timed out"', "the same for text with spaces"],
  ["status:>=500", "compare: > >= < <=, also [200 TO 299]"],
  ["method:POST,PUT", "one of these values"],
  ["path:/api/*", "* stands for anything"],
  ["duration:>1s", "slower than a second"],
  ["has:user", "the field is filled"],
  ["kind:infra level:error", "events of the infrastructure; level, source_name, message"],
  ["tags.tier:gold", "a tag; also request_headers.accept:*json*"],
  ["-method:GET", "not; also NOT"],
  ["(timeout OR refused) status:5*", "OR, AND, parentheses; AND may be left out"],
];
const KEYS = [["/", "search"], ["j k ↓ ↑", "the next, the one before; an open entry follows"], ["Enter", "open"], ["Esc", "close"], ["r", "refresh"], ["l", "live"], ["?", "help"]];

/** `onExample(query)`: an example was chosen. */
export function helpContent(onExample) {
  const examples = EXAMPLES.flatMap(([query, meaning]) => [
    element("dt", {}, element("button", { type: "button", className: "example", onclick: () => onExample(query) }, query)),
    element("dd", {}, meaning),
  ]);
  const keys = KEYS.flatMap(([key, meaning]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, meaning)]);
  return [
    element("div", {}, element("h2", {}, "Query"), element("dl", {}, ...examples)),
    element("div", {}, element("h2", {}, "Keys"), element("dl", {}, ...keys)),
  ];
}
