// A body as a person reads it: indented, as a table or as it is; and always also raw, to look at and to copy.

import { binaryNotice, bodyKind } from "./body_kind.js";
import { copyButton } from "./copy_button.js";
import { element } from "./dom.js";
import { pairTable } from "./facts.js";
import { formPairs } from "./form_pairs.js";
import { formatBytes, formatCount, visibleText } from "./format.js";
import { appendInSteps } from "./in_steps.js";
import { jsonTree } from "./json_tree.js";
import { jsonView } from "./json_view.js";
import { markedText } from "./marked_text.js";
import { CUT, CUT_MEANING, isCut, withoutCut } from "./marks.js";
import { multipartParts } from "./multipart_parts.js";
import { indentXml } from "./xml_indent.js";

// Parts of a form at first.
const PARTS_STEP = 50;
const NOT_RECORDED = "It is not in the entry: recording of bodies is off (capture_bodies, max_body_size), or the framework does not "
  + "show this one.";

const block = (text) => element("pre", { tabIndex: 0 }, ...markedText(text, { isBlock: true }));

// By kind: what it is called, and how it is shown; null where only the text itself can be.
const PRETTY = {
  json(text) {
    const tree = jsonTree(withoutCut(text));
    const isSome = tree.values.some((value) => value.kind === "object" || value.kind === "array");
    return isSome ? [tree.values.length > 1 ? `JSON, ${formatCount(tree.values.length, "value", "values")}` : "JSON", jsonView(tree)] : null;
  },
  form: (text) => ["Form", pairTable("Form", formPairs(withoutCut(text)))],
  multipart(text) {
    const parts = multipartParts(withoutCut(text));
    return parts && ["Multipart form", partsTable(parts)];
  },
  xml: (text) => ["XML", block(indentXml(withoutCut(text)))],
};

function partsTable(parts) {
  const heads = ["Name", "File", "Type", "Size", "Text"];
  const cellsOf = ({ name, file, type, size, isWhole, text }) =>
    [name, file, type, size === null ? "" : `${formatBytes(size)}${isWhole ? "" : " or more"}`, text];
  const row = (part) => element("tr", {}, ...cellsOf(part).map((text, i) =>
    element("td", { "data-head": heads[i] }, ...markedText(text, { isBlock: true }))));
  const body = element("tbody");
  appendInSteps(body, parts, row, PARTS_STEP, (button) => element("tr", {}, element("td", { colSpan: heads.length }, button)));
  return element("table", { className: "parts", "aria-label": "Parts of the form" },
    element("thead", {}, element("tr", {}, ...heads.map((each) => element("th", { scope: "col" }, each)))), body);
}

const cutMark = (text, size) => element("mark", { className: "cut", title: CUT_MEANING },
  `cut: ${formatBytes(new TextEncoder().encode(withoutCut(text)).length)} of ${formatBytes(size)} recorded`);

/** The text in two forms, one of which is shown. `shown`: [what it is called, how it is shown]; null: as it is. */
function textBody(text, size, shown) {
  const [name, pretty] = shown ?? ["Text", block(text)];
  const content = element("div", { className: "body" }, pretty);
  const bar = element("div", { className: "body-bar" },
    element("span", {}, `${name}, ${formatBytes(size)}`), isCut(text) ? cutMark(text, size) : null);
  if (shown) {
    const raw = element("button", { type: "button", "aria-pressed": "false", title: "The text as it was recorded" }, "Raw");
    raw.addEventListener("click", () => {
      const isRaw = raw.getAttribute("aria-pressed") === "false";
      raw.setAttribute("aria-pressed", String(isRaw));
      content.replaceChildren(isRaw ? block(text) : pretty);
    });
    bar.append(raw);
  }
  bar.append(copyButton("Copy", () => text, "Copy the text as it was recorded"));
  if (shown && isCut(text)) content.append(element("p", { className: "note" }, element("mark", { className: "cut", title: CUT_MEANING }, CUT)));
  return element("div", {}, bar, content);
}

/** `text` and `size` of a body as recorded, its type as its side announced it; null when there was none. */
export function bodyView(text, size, contentType) {
  const kind = bodyKind(text, contentType);
  if (kind === "empty") return size > 0 ? element("p", { className: "note" }, `A body of ${formatBytes(size)}. ${NOT_RECORDED}`) : null;
  if (kind === "binary") {
    const { type, bytes } = binaryNotice(text);
    return element("p", { className: "note" }, visibleText(`Binary content, ${type}, ${formatBytes(bytes)}: recorded by type and size only.`));
  }
  return textBody(text, size || new TextEncoder().encode(withoutCut(text)).length, PRETTY[kind]?.(text) ?? null);
}
