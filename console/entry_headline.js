// The head of an entry's view: the request in one line, one sentence about it, and ways to go on.

import { element } from "./dom.js";
import { linksOf } from "./entry_links.js";
import { sentenceOf } from "./entry_sentence.js";
import { summaryOf } from "./entry_summary.js";
import { formatCount, formatTime, formatUtc, visibleText } from "./format.js";
import { CUT_MEANING, countMarks, MASKED_MEANING } from "./marks.js";
import { readState, stateHash } from "./state.js";

function title(entry) {
  const { badge, badgeClass, verb, subject } = summaryOf(entry);
  return element("h2", { id: "detail-title", tabIndex: -1, title: visibleText(subject) },
    element("span", { className: `badge ${badgeClass}` }, visibleText(badge)), visibleText(` ${verb} ${subject}`));
}

function sentence(entry) {
  const pieces = sentenceOf(entry).map((piece) =>
    (typeof piece === "string" ? visibleText(piece) : element("strong", {}, visibleText(piece.text))));
  return element("p", { className: "sentence" }, ...pieces);
}

function when(entry) {
  return element("time", { dateTime: entry.timestamp, title: visibleText(formatUtc(entry.timestamp)) }, visibleText(formatTime(entry.timestamp)));
}

function marks(entry) {
  const { masked, cut } = countMarks(entry);
  return [
    masked ? element("mark", { className: "masked", title: MASKED_MEANING }, `${formatCount(masked, "value", "values")} masked`) : null,
    cut ? element("mark", { className: "cut", title: CUT_MEANING }, `${formatCount(cut, "text", "texts")} cut`) : null,
  ];
}

/** Real links: they open in another tab, too. The address behind # is all that a value can get into. */
function links(entry) {
  const made = linksOf(entry).map(({ label, value, state }) => element("a",
    { href: stateHash({ ...readState("#"), ...state }), title: visibleText(`Entries with the same ${label}: ${value}`) }, label));
  return made.length > 0 ? element("nav", { className: "same", "aria-label": "Entries with the same" }, element("span", {}, "Same"), ...made) : null;
}

export function headline(entry) {
  return element("div", { className: "headline" }, title(entry), sentence(entry),
    element("p", { className: "when" }, when(entry), ...marks(entry).filter(Boolean)), links(entry));
}
