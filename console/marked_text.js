// Stored text on the page: what masking and cutting left in it stands out, what a screen hides can be seen.

import { element } from "./dom.js";
import { visibleBlock, visibleText } from "./format.js";
import { CUT_MEANING, MASKED_MEANING, piecesOf } from "./marks.js";

// Elements for one text. A text of nothing but marks reads as well without.
const MAX_MARKS = 200;

/** `text` as children of an element. `isBlock`: its line breaks stay. */
export function markedText(text, { isBlock = false } = {}) {
  const visible = isBlock ? visibleBlock : visibleText;
  return piecesOf(String(text), MAX_MARKS).map((piece) => (piece.mark === "" ? visible(piece.text)
    : element("mark", { className: piece.mark, title: piece.mark === "masked" ? MASKED_MEANING : CUT_MEANING }, piece.text)));
}
