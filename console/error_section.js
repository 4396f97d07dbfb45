// Why it failed: the reason first, then what caused it, where, and the way there.

import { element } from "./dom.js";
import { causesOf, reasonOf, stackLines } from "./error_text.js";
import { factList, isEmpty, section } from "./facts.js";
import { parseObject } from "./format.js";
import { appendInSteps } from "./in_steps.js";
import { copyButton } from "./copy_button.js";
import { markedText } from "./marked_text.js";

const STACK_STEP = 60;
const CAUSE_STEP = 20;

function cause({ type, text }, index) {
  return element("li", {}, element("span", { className: "because" }, index === 0 ? "" : "caused by "),
    type ? element("strong", {}, ...markedText(type)) : null, type && text ? ": " : null,
    element("span", {}, ...markedText(text, { isBlock: true })));
}

// Where nothing else was recorded of the reason.
const MEANINGS = {
  aborted: "The client went away before the end of the answer.",
  timeout: "It took too long.",
  interrupted: "The process died during the request.",
  panic: "The handler threw.",
  http_error: "The answer says so, without a text.",
  business_error: "The application calls it an error.",
};

/** The message is an exception's, or the body of the answer, which may say the reason in the usual places. */
function reason(entry) {
  const json = entry.error_type === "http_error" ? parseObject(entry.error_message) : null;
  const said = json ? reasonOf(json) : "";
  if (said) return [element("p", { className: "reason" }, ...markedText(said, { isBlock: true }))];
  if (!entry.error_message) return [element("p", { className: "reason" }, MEANINGS[entry.error_type] ?? "It is not known why.")];
  if (entry.error_type !== "panic") return [element("p", { className: "reason" }, ...markedText(entry.error_message, { isBlock: true }))];
  const list = element("ol", { className: "causes" });
  appendInSteps(list, causesOf(entry.error_message), cause, CAUSE_STEP, (button) => element("li", {}, button));
  return [list];
}

function frame({ text, isLibrary, isFrame, isNewest }) {
  const className = [isFrame ? "frame" : "", isLibrary ? "library" : "", isNewest ? "newest" : ""].join(" ").trim();
  return element("li", { className }, isNewest ? element("span", { className: "chip", title: "The frame that threw" }, "newest") : null,
    element("code", {}, ...markedText(text, { isBlock: true })));
}

function stack(text) {
  const list = element("ol", { className: "stack", "aria-label": "Stack" });
  appendInSteps(list, stackLines(text), frame, STACK_STEP, (button) => element("li", {}, button));
  return element("div", {}, element("div", { className: "body-bar" }, element("span", {}, "Stack"), copyButton("Copy", () => text, "Copy the stack")), list);
}

/** Null when the entry is no error. */
export function errorSection(entry, onFilter) {
  if (!entry.is_error && isEmpty(entry.error_message) && isEmpty(entry.error_stack)) return null;
  const made = section("Error", ...reason(entry),
    factList([["Type", entry.error_type, "error_type"], ["At", entry.panic_location, "panic_location"],
      ["Upstream status", entry.upstream_status, "upstream_status"]], onFilter),
    entry.error_stack ? stack(entry.error_stack) : null);
  made?.classList.add("error-section");
  return made;
}
