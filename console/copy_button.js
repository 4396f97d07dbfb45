// A button that puts a text into the clipboard, and says whether it could.

import { element } from "./dom.js";

const SHOWN_FOR_MS = 1500;

/** Without the clipboard of a secure page (https or this machine) the old way is left. */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = element("textarea", { value: text, className: "hidden" });
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  if (!isDone) throw new Error("not allowed");
  return undefined;
}

/** `text()`: what is copied, asked for when the button is pressed. */
export function copyButton(label, text, title = "") {
  const button = element("button", { type: "button", className: "copy", title }, label);
  const say = (words) => {
    button.textContent = words;
    setTimeout(() => { button.textContent = label; }, SHOWN_FOR_MS);
  };
  button.addEventListener("click", () => copy(text()).then(() => say("Copied"), () => say("Not allowed")));
  return button;
}
