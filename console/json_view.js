// A tree of JSON on the page, in colours, its parts foldable. Only what is open stands on the page.

import { element } from "./dom.js";
import { formatCount } from "./format.js";
import { appendInSteps } from "./in_steps.js";
import { markedText } from "./marked_text.js";

// Rows that are open at first, over the whole tree; deeper levels start folded.
const OPEN_ROWS = 150;
const OPEN_LEVELS = 6;
// Members of one part, and values that follow one another, at a time.
const STEP = 100;
// A longer string scrolls in a box of its own.
const LONG_STRING = 1000;

const BRACKETS = { object: ["{", "}"], array: ["[", "]"] };
const COUNTED = { object: ["member", "members"], array: ["element", "elements"] };
const isContainer = (node) => node !== null && node.kind in BRACKETS;

function keyOf(key) {
  return key === null ? [] : [element("span", { className: "key" }, '"', ...markedText(key), '"'), ": "];
}

function scalar(node) {
  if (node === null) return element("mark", { className: "cut" }, "cut");
  const quote = node.kind === "string" ? '"' : "";
  const isLong = node.text.length > LONG_STRING;
  return element("span", { className: isLong ? `${node.kind} long` : node.kind }, quote, ...markedText(node.text),
    node.isWhole || !quote ? quote : "");
}

/** Opens as many parts as `budget.rows` allows. */
function treeRow(key, node, level, budget) {
  --budget.rows;
  if (!isContainer(node)) return element("div", { className: "row" }, ...keyOf(key), scalar(node));
  const [left, right] = BRACKETS[node.kind];
  const closing = node.isWhole ? right : "";
  if (node.children.length === 0) return element("div", { className: "row" }, ...keyOf(key), left + closing);
  return foldable(key, node, level, budget, left, closing);
}

function foldable(key, node, level, budget, left, closing) {
  const count = formatCount(node.children.length, ...COUNTED[node.kind]);
  const part = element("details", {},
    element("summary", {}, ...keyOf(key), left, element("span", { className: "folded" }, ` ${count} ${closing}`)));
  const fill = (rows) => {
    const children = element("div", { className: "children" });
    appendInSteps(children, node.children, (child) => treeRow(child.key, child.value, level + 1, rows), STEP);
    part.append(children);
    if (closing) part.append(element("div", { className: "row" }, closing));
  };
  part.open = level < OPEN_LEVELS && budget.rows > Math.min(node.children.length, STEP);
  if (part.open) fill(budget);
  else part.addEventListener("toggle", () => fill({ rows: Math.min(node.children.length, STEP) * 2 }), { once: true });
  return part;
}

/** `tree` as jsonTree made it. */
export function jsonView(tree) {
  const view = element("div", { className: "json" });
  const budget = { rows: OPEN_ROWS };
  appendInSteps(view, tree.values, (value) => treeRow(null, value, 0, budget), STEP);
  if (tree.rest !== "") {
    view.append(element("p", { className: "note" }, "From here on it is no JSON:"),
      element("pre", {}, ...markedText(tree.rest, { isBlock: true })));
  }
  return view;
}

