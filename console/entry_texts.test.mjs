// What the page says of an entry in words: the sentence, the error, the client, the links.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceWords, ipRuleWords, placeWords } from "./client_words.js";
import { linksOf } from "./entry_links.js";
import { sentenceOf } from "./entry_sentence.js";
import { causesOf, reasonOf, stackLines } from "./error_text.js";
import { countMarks, piecesOf } from "./marks.js";

const NOW = Date.parse("2026-03-05T12:00:00Z");
const EXCHANGE = { method: "GET", path: "/orders/7", client_ip: "203.0.113.9", status_code: 200, duration_ms: 12, latency_breakdown: "{}", service_name: "shop",
  environment: "production", timestamp: "2026-03-05T11:00:00.000000Z", tags: {}, origin: "unknown", client_type: "other" };
const sentence = (fields) => sentenceOf({ ...EXCHANGE, ...fields }).map((piece) => piece.text ?? piece).join("");

test("the sentence says who did what, where, and what became of it", () => {
  assert.equal(sentence({}), "A client at 203.0.113.9 sent GET /orders/7 to shop in production and got 200 OK after 12 ms.");
  assert.equal(sentence({ user_id: "u-1", client_city: "Köln", client_country: "DE", browser: "Firefox", browser_version: "120", os_name: "Linux", device_type: "Desktop",
    tags: { route: "/orders/{id}" }, latency_breakdown: '{"total_us":12400}' }),
  "User u-1 at 203.0.113.9 in Köln, DE, with Firefox 120 on Linux (Desktop), sent GET /orders/{id} to shop in production and got 200 OK after 12.4 ms.");
  assert.match(sentence({ client_type: "server", origin: "server:billing/2.1" }), /^Service billing at /);
  assert.match(sentence({ device_type: "Bot" }), /^A bot at /);
});

test("every way for a request to end has words of its own", () => {
  const ends = [
    [{ status_code: 404, error_type: "http_error" }, "and got 404 Not Found after 12 ms."],
    [{ status_code: 500, error_type: "panic" }, "and got 500 Internal Server Error after 12 ms: the handler failed."],
    [{ status_code: 504, error_type: "timeout" }, "and got 504 Gateway Timeout after 12 ms: it took too long."],
    [{ status_code: 200, error_type: "business_error" }, "and got 200 OK after 12 ms, which the application calls an error."],
    [{ status_code: 499, error_type: "aborted" }, ", but went away after 12 ms, before the answer."],
    [{ status_code: 200, error_type: "aborted" }, "and got 200 OK after 12 ms, but went away before the end of it."],
    [{ status_code: 0, error_type: "interrupted" }, ", but the process died before it was answered."],
    [{ status_code: 0 }, ". What it got is not known."],
    [{ status_code: 799 }, "and got 799 after 12 ms."],
    [{ duration_ms: 0 }, "and got 200 OK after less than 1 ms."],
  ];
  for (const [fields, end] of ends) assert.ok(sentence(fields).endsWith(end), `${sentence(fields)} | ${end}`);
});

test("messages and events say who speaks", () => {
  assert.equal(sentence({ method: "MANUAL", path: "/_log/warn", host: "app-1" }), "shop on app-1 in production said, at level warn:");
  assert.equal(sentence({ kind: "infra", source_type: "database", source_name: "orders", host: "db-1", level: "error" }), "database orders on db-1 reported error.");
});

test("an exception and its causes are told apart", () => {
  assert.deepEqual(causesOf("shop::Error: no; caused by std::system_error: refused: again; caused by int"), [
    { type: "shop::Error", text: "no" }, { type: "std::system_error", text: "refused: again" }, { type: "int", text: "" }]);
  assert.deepEqual(causesOf("shop::(anonymous namespace)::Bad<int>: x"), [{ type: "shop::(anonymous namespace)::Bad<int>", text: "x" }]);
  assert.deepEqual(causesOf("(anonymous namespace)::Bad: y"), [{ type: "(anonymous namespace)::Bad", text: "y" }]);
  assert.deepEqual(causesOf("only text, no type"), [{ type: "", text: "only text, no type" }]);
  assert.deepEqual(causesOf(""), []);
});

test("an answer says its reason in the usual places", () => {
  assert.equal(reasonOf({ error: { code: 1, message: "no money" } }), "no money");
  assert.equal(reasonOf({ detail: "gone" }), "gone");
  assert.equal(reasonOf({ errors: [{ title: "bad" }] }), "bad");
  assert.equal(reasonOf({ error: "plain", errors: null }), "plain");
  assert.equal(reasonOf({ code: 4 }), "");
});

test("of a stack the newest frame and those of the application are known, in each language's order", () => {
  const python = stackLines('Traceback (most recent call last):\n  File "/usr/lib/python3/x.py", line 1, in f\n    g()\n  File "/srv/a.py", line 2, in g\n    raise\nValueError: x');
  assert.deepEqual(python.filter((line) => line.isFrame).map(({ isLibrary, isNewest }) => [isLibrary, isNewest]), [[true, false], [false, true]]);
  assert.match(python[2].text, /a\.py.*\n    raise$/s);
  for (const [frame, isLibrary] of [["shop::take(std::vector<int> const&) at /srv/orders.cc:5", false], ["std::invoke(shop::Take) at /srv/x.cc:1", true],
    ["void boost::asio::run() at /opt/boost/run.hpp:1", true], ["/usr/bin/shop+0x1a2b [00ff]", false], ["/usr/lib/x86_64-linux-gnu/libc.so.6+0x1 [00]", true],
    ["main at /srv/main.cc:1", false], ["shop::libc_check() at /srv/libc.cc:1", false]]) assert.equal(stackLines(frame)[0].isLibrary, isLibrary, frame);
  assert.equal(stackLines('  File "/home/x/venv/site-packages/flask/app.py", line 1, in f')[0].isLibrary, true);
  const java = stackLines("java.lang.X: y\n\tat shop.Pay.run(Pay.java:5)\n\tat java.base/java.lang.Thread.run(Thread.java:9)");
  assert.deepEqual(java.map(({ isFrame, isLibrary, isNewest }) => [isFrame, isLibrary, isNewest]), [[false, true, false], [true, false, true], [true, true, false]]);
  const cpp = stackLines("...[truncated]\nstd::function<void ()>::operator()() at /usr/include/c++/12/x:1\nshop::pay() at pay.cc:3\n");
  assert.deepEqual(cpp.map(({ isFrame, isLibrary, isNewest }) => [isFrame, isLibrary, isNewest]), [[false, false, false], [true, true, false], [true, false, true]]);
});

test("device, place and rule are said where they are known", () => {
  assert.equal(deviceWords({ browser: "Chrome", browser_version: "120", os_name: "", device_type: "Other" }), "Chrome 120");
  assert.equal(deviceWords({ browser: "Other", os_name: "Windows", os_version: "11", device_type: "Desktop" }), "Windows 11 (Desktop)");
  assert.equal(deviceWords({}), "");
  assert.equal(placeWords({ client_city: "Singapore", client_province: "Singapore", client_country: "SG" }), "Singapore, SG");
  for (const rule of ["peer", "untrusted_peer", "x_forwarded_for", "forwarded", "all_trusted", "obfuscated", "malformed", "cut"]) assert.match(ipRuleWords(rule), /\.$/);
  assert.equal(ipRuleWords("toString"), "");
});

const link = (fields, label) => linksOf({ ...EXCHANGE, ...fields }, NOW).find((each) => each.label === label)?.state;

test("a link asks for the same value, quoted, around the entry", () => {
  assert.deepEqual(link({ trace_id: "4bf9" }, "trace"), { q: "trace_id:4bf9", range: "custom", from: "2026-03-05T10:00:00.000Z", to: "2026-03-05T12:00:00.000Z" });
  assert.equal(link({ tags: { route: "/a/{id}*" } }, "route").q, 'tags.route:"/a/{id}*"');
  assert.equal(link({ user_id: 'x" OR has:uuid \\' }, "user").q, 'user_id:"x\\" OR has:uuid \\\\"');
  assert.equal(link({ tags: { route: "/x" } }, "path"), undefined);
  assert.equal(link({}, "path").q, "path:/orders/7");
});

test("there is no link for a value that was masked or cut, and all time for an entry without a time of its own", () => {
  assert.equal(link({ user_id: "***" }, "user"), undefined);
  assert.equal(link({ session_id: "abc...[truncated]" }, "session"), undefined);
  assert.equal(link({ tags: { route: 7 } }, "route"), undefined);
  for (const timestamp of ["", "yesterday", "2020-01-01T00:00:00Z", "2027-01-01T00:00:00Z"]) assert.deepEqual(link({ timestamp }, "path"), { q: "path:/orders/7", range: "all" });
});

test("what was masked or cut is found and counted, each value once", () => {
  assert.deepEqual(piecesOf("a=***&b=****&c=***...[truncated]").map(({ mark }) => mark), ["", "masked", "", "masked", "cut"]);
  assert.equal(piecesOf("***".repeat(3).replace(/(\*{3})/g, "$1 "), 2).length, 4);
  assert.deepEqual(countMarks({ full_url: "http://h/?token=***", query_string: "token=***", request_headers: '{"cookie":"a=***; b=***"}', tags: { key: "***" },
    response_body: '{"password":"***"}...[truncated]', error_message: '{"password":"***"}...[truncated]' }), { masked: 5, cut: 1 });
});
