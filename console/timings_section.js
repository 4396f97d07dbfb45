// Where the time went, as bars on one line of time.

import { element } from "./dom.js";
import { factList, section } from "./facts.js";
import { formatMicroseconds, visibleText } from "./format.js";
import { waterfall } from "./waterfall.js";

const SVG = "http://www.w3.org/2000/svg";
// So that what took almost no time is seen to be there, in percent of the width.
const MIN_WIDTH = 0.6;

const percent = (value) => `${value.toFixed(3)}%`;

/** One bar on its line of time, as numbers in attributes: the page's policy allows no styles of its own. */
function bar(row, { from, to }) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "track");
  svg.setAttribute("aria-hidden", "true");
  const scale = 100 / (to - from);
  const width = Math.max((row.to - row.from) * scale, MIN_WIDTH);
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("class", row.name);
  rect.setAttribute("x", percent(Math.min((row.from - from) * scale, 100 - width)));
  rect.setAttribute("width", percent(width));
  rect.setAttribute("height", "100%");
  svg.append(rect);
  return svg;
}

function line(row, times) {
  const share = row.name === "total_us" || row.name === "queue_us" || times.total === 0 ? "" : ` ${Math.round((row.us / times.total) * 100)} %`;
  return element("tr", { title: row.note }, element("th", { scope: "row" }, row.label), element("td", { className: "line" }, bar(row, times)),
    element("td", { className: "number" }, formatMicroseconds(row.us), element("small", {}, share)));
}

export function timingsSection(entry, onFilter) {
  const times = waterfall(entry);
  if (!times) return null;
  const handler = times.rows.find((row) => row.name === "handler_us");
  const table = element("table", { className: "waterfall", "aria-label": "Timings" },
    element("tbody", {}, ...times.rows.map((row) => line(row, times))));
  return section("Timings", table, handler ? element("p", { className: "note" }, handler.note) : null,
    factList(times.others.map(([name, value]) => [visibleText(name), typeof value === "string" ? value : JSON.stringify(value)]), onFilter));
}
