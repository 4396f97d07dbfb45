// Names and values: a list of what is known, and tables of pairs. Short values can be searched for.

import { element } from "./dom.js";
import { queryTerm, visibleText } from "./format.js";
import { appendInSteps } from "./in_steps.js";
import { markedText } from "./marked_text.js";
import { isCut, MASKED } from "./marks.js";

// Longer values are read, not searched for.
const MAX_TERM_LENGTH = 200;
// Rows of a table at first.
const STEP = 50;

export const isEmpty = (value) =>
  value === "" || value === 0 || value === false || value === null || value === undefined || value === "{}" ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** Whether entries can be searched for by this value of this field. */
export const canBeAsked = (field, text) => text !== "" && text.length <= MAX_TERM_LENGTH && text !== MASKED && !isCut(text) &&
  /^[A-Za-z0-9_.-]+$/.test(field);

/** A button for entries with this value, or null. */
export function filterButton(field, text, onFilter) {
  if (!canBeAsked(field, text)) return null;
  return element("button", { type: "button", className: "filter", title: visibleText(`Only entries with ${field} = ${text}`),
    onclick: () => onFilter(queryTerm(field, text)) }, "filter");
}

/**
 * A list of facts: [label, content, field] each, with content a text or an element, and the field by whose value
 * entries can be found, if any. Facts without content are left out; null when none is left.
 */
export function factList(facts, onFilter) {
  const known = facts.filter(([, content]) => content instanceof Node || !isEmpty(content));
  if (known.length === 0) return null;
  const list = element("dl");
  for (const [label, content, field] of known) {
    const isText = !(content instanceof Node);
    const value = isText ? element("span", {}, ...markedText(content)) : content;
    list.append(element("dt", { title: visibleText(field ?? label) }, visibleText(label)),
      element("dd", {}, value, isText && field ? filterButton(field, String(content), onFilter) : null));
  }
  return list;
}

/** A table of [name, value, field] rows; the value may be null. `title`: what it holds, for who cannot see it. */
export function pairTable(title, pairs, onFilter) {
  const body = element("tbody");
  const row = ([name, value, field]) => element("tr", {},
    element("th", { scope: "row" }, ...markedText(name)),
    element("td", {}, element("span", {}, ...(value === null ? [] : markedText(value))),
      field && value !== null ? filterButton(field, String(value), onFilter) : null));
  appendInSteps(body, pairs, row, STEP, (button) => element("tr", {}, element("td", { colSpan: 2 }, button)));
  return element("table", { className: "pairs", "aria-label": title }, body);
}

/** A part of the entry's view under a heading; null when it holds nothing. */
export function section(title, ...content) {
  const shown = content.filter(Boolean);
  return shown.length > 0 ? element("section", { "aria-label": title }, element("h3", {}, title), ...shown) : null;
}
