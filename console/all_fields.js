// Every field of an entry by its own name, in the order of the wire, as it is stored: nothing is kept from the reader.

import { element } from "./dom.js";
import { filterButton, isEmpty } from "./facts.js";
import { visibleBlock, visibleText } from "./format.js";

function row(name, value, onFilter) {
  const text = value !== null && typeof value === "object" ? JSON.stringify(value) : String(value);
  const isBlock = text.includes("\n");
  return [
    element("dt", { className: isEmpty(value) ? "empty" : "" }, visibleText(name)),
    element("dd", {}, element(isBlock ? "pre" : "span", {}, isBlock ? visibleBlock(text) : visibleText(text)),
      isEmpty(value) || isBlock || typeof value === "object" ? null : filterButton(name, text, onFilter)),
  ];
}

/** Folded; made when it is opened. */
export function allFields(entry, onFilter) {
  const names = Object.keys(entry);
  const part = element("details", { className: "all-fields" }, element("summary", {}, `All ${names.length} fields, as stored`));
  part.addEventListener("toggle", () =>
    part.append(element("dl", {}, ...names.flatMap((name) => row(name, entry[name], onFilter)))), { once: true });
  return part;
}
