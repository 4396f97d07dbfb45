import assert from "node:assert/strict";
import { test } from "node:test";
import { waterfall } from "./waterfall.js";

const of = (parts, duration_ms = 0) => waterfall({ latency_breakdown: JSON.stringify(parts), duration_ms });
const spans = (times) => Object.fromEntries(times.rows.map(({ name, from, to }) => [name, [from, to]]));

test("parts lie where they were measured, the wait before the start in front of it", () => {
  const times = of({ queue_us: 10, request_body_us: 20, handler_us: 50, first_byte_us: 80, response_us: 15, total_us: 95 });
  assert.deepEqual(spans(times), { queue_us: [-10, 0], request_body_us: [0, 20], handler_us: [20, 70], first_byte_us: [0, 80], response_us: [80, 95], total_us: [0, 95] });
  assert.deepEqual([times.from, times.to, times.total], [-10, 95, 95]);
});

test("nothing is drawn that was not measured, and without any there is no picture", () => {
  assert.deepEqual(Object.keys(spans(of({ handler_us: 5, total_us: 9 }))), ["handler_us", "total_us"]);
  assert.equal(of({}), null);
  assert.equal(waterfall({ latency_breakdown: "torn{", duration_ms: 5 }), null);
});

test("a handler that overlaps is drawn within the request, and the overlap is said", () => {
  const times = of({ request_body_us: 60, handler_us: 90, first_byte_us: 70, total_us: 100 });
  assert.deepEqual(spans(times).handler_us, [10, 100]);
  assert.match(times.rows.find(({ name }) => name === "handler_us").note, /overlaps/);
  assert.doesNotMatch(of({ handler_us: 5, total_us: 9 }).rows[0].note, /overlaps/);
});

test("without a total the line ends with the duration, or with what lasted longest", () => {
  assert.equal(of({ handler_us: 5 }, 2).total, 2000);
  assert.equal(of({ first_byte_us: 3000, response_us: 4000 }, 2).total, 7000);
});

test("members that are no times are kept apart, and impossible ones do no harm", () => {
  const times = of({ handler_us: -5, queue_us: "soon", first_byte_us: 1e300, dns_us: 7, total_us: 9 });
  assert.deepEqual(times.others, [["handler_us", -5], ["queue_us", "soon"], ["dns_us", 7]]);
  for (const row of times.rows) assert.ok(Number.isFinite(row.from) && row.to >= row.from, row.name);
  const nothing = of({ total_us: 0 });
  assert.ok(nothing.to > nothing.from);
});
