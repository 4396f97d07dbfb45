// Every stored value is hostile. Entries whose every field holds what a browser might run, or what turns a text into
// another, are listed and opened in a real browser: nothing runs, nothing is asked for elsewhere, everything can be read.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ConsoleFixture } from "./console_fixture.mjs";

const RUN = "window.hostile=1";
const MAX_TAG_NAME = 64;
// What is sent, and how it reads on the page where that is something else.
const PAYLOADS = [
  [`<script>${RUN}</script>`],
  [`"><img src=x onerror="${RUN}">`],
  [`'><svg/onload=${RUN}>`],
  [`</pre></dd><iframe srcdoc="<script>parent.${RUN}</script>">`],
  [`<style>@import url(//foreign.invalid/x.css)</style><link rel=stylesheet href=//foreign.invalid/x>`],
  [`<base href=//foreign.invalid><a href=/ autofocus onfocus=${RUN}>x</a>`],
  [`javascript:${RUN}`],
  [`data:text/html,<script>${RUN}</script>`],
  [`{{constructor.constructor('${RUN}')()}}\${${RUN}}`],
  [`"';\`--]]>*/&lt;&#60;&amp;%3Cscript%3E`],
  ["a\u0000b\u0007c\u001b[31md\u007fe\u0085f", "a\u2400b\u2407c\u241b[31md\u2421e\u27e8U+0085\u27e9f"],
  ["user\u202egnp.exe\u202c\u2066x\u2069\u200f", "user\u27e8U+202E\u27e9gnp.exe\u27e8U+202C\u27e9\u27e8U+2066\u27e9x\u27e8U+2069\u27e9\u27e8U+200F\u27e9"],
  ["ad\u200bmin\ufeff\u00ad\u2028z", "ad\u27e8U+200B\u27e9min\u27e8U+FEFF\u27e9\u27e8U+00AD\u27e9\u27e8U+2028\u27e9z"],
];
const TEXT_FIELDS = ["environment", "service_name", "host", "process_id", "method", "scheme", "host_header", "path",
  "query_string", "full_url", "origin", "request_body", "response_body", "client_ip", "client_ip_chain",
  "client_type", "client_country", "client_province", "client_city", "client_isp", "user_agent", "referer", "device_type",
  "browser", "browser_version", "os_name", "os_version", "tls_version", "tls_cipher", "proto", "api_version",
  "request_id", "trace_id", "span_id", "parent_span_id", "user_id", "session_id", "error_type",
  "error_message", "error_stack", "panic_location", "timestamp"];
// Those that take no text: here only their presence can be seen.
const OTHER_FIELDS = { duration_ms: 7, status_code: 599, upstream_status: 598, request_body_size: 1, response_body_size: 2,
  client_port: 65535, is_error: true };
const INFRA_FIELDS = ["source_type", "source_name", "host", "message", "trace_id", "related_api_uuid", "error_detail"];

const console_ = new ConsoleFixture();
let page;

before(async () => {
  await console_.start();
  page = console_.page;
  await page.goto(console_.signInUrl);
  await page.locator("h1", { hasText: "No entries yet" }).waitFor();
});
after(() => console_.stop());

const uuidOf = (number) => `018f3a5e7c0d7abc8def${String(number).padStart(12, "0")}`;

/** The label and text of every field that the open entry shows. */
async function shownFields() {
  return page.locator("#detail").evaluate((detail) => [...detail.querySelectorAll("dt")].map((term) => {
    const value = term.nextElementSibling;
    return [term.textContent, (value.querySelector("pre, span") ?? value).textContent];
  }));
}

async function open(uuid) {
  await page.goto(`${console_.url}/#range=all&entry=${uuid}`);
  await page.locator("#detail h2").waitFor();
}

async function expectHarmless() {
  assert.equal(await page.evaluate(() => window.hostile), undefined);
  assert.equal(await page.title(), "Logs");
  const made = page.locator("#rows :is(script, img, svg, iframe, style, link, a, base), #detail :is(script, img, svg, iframe, style, link, a, base)");
  assert.equal(await made.count(), 0);
  assert.deepEqual(console_.problems, []);
  assert.deepEqual(console_.foreignRequests, []);
}

PAYLOADS.forEach(([payload, readable = payload], index) => {
  test(`an entry of nothing but ${JSON.stringify(payload)} is text`, async () => {
    const uuid = uuidOf(index);
    const fields = Object.fromEntries(TEXT_FIELDS.map((field) => [field, payload]));
    const tag = payload.length <= MAX_TAG_NAME ? payload : "tag";
    // The type of a text: a body that is none is stored by size and type only.
    const contentType = `text/plain; x=${payload}`;
    await console_.send({ ...fields, ...OTHER_FIELDS, content_type: contentType, uuid, tags: { [tag]: payload } });
    await page.goto(`${console_.url}/#range=all`);
    await page.locator("#rows tr").first().waitFor();
    await expectHarmless();
    await open(uuid);
    await expectHarmless();
    const shown = await shownFields();
    for (const field of TEXT_FIELDS) {
      const [, text] = shown.find(([label]) => label === field) ?? assert.fail(`${field} is not shown`);
      const isBinary = field === "request_body" && payload.includes("\0");
      assert.equal(text, isBinary ? `[binary text/plain ${payload.length + 1} bytes]` : readable, field);
    }
    assert.deepEqual(shown.find(([name]) => name === "content_type"), ["content_type", `text/plain; x=${readable}`]);
    for (const field of Object.keys(OTHER_FIELDS)) assert.ok(shown.some(([label]) => label === field), field);
    const label = tag === payload ? readable : tag;
    assert.deepEqual(shown.find(([name]) => name === label), [label, readable], "the tag");
    await page.keyboard.press("Escape");
  });

  test(`an event of nothing but ${JSON.stringify(payload)} is text`, async () => {
    const uuid = uuidOf(1000 + index);
    const fields = Object.fromEntries(INFRA_FIELDS.map((field) => [field, payload]));
    await console_.sendInfra({ ...fields, uuid, level: "fatal", is_error: true, metadata: payload });
    await open(uuid);
    await expectHarmless();
    const shown = await shownFields();
    for (const field of INFRA_FIELDS) {
      const [, text] = shown.find(([label]) => label === field) ?? assert.fail(`${field} is not shown`);
      assert.equal(text, readable, field);
    }
    // What is no object is kept as one.
    assert.deepEqual(shown.find(([label]) => label === "text"), ["text", readable]);
    await page.keyboard.press("Escape");
  });
});

test("names and values within headers and timings are text", async () => {
  const uuid = uuidOf(2000);
  const headers = JSON.stringify(Object.fromEntries(PAYLOADS.map(([payload], index) => [`${payload}-${index}`, payload])));
  await console_.send({ uuid, method: "GET", path: "/headers", request_headers: headers, response_headers: headers,
    latency_breakdown: JSON.stringify({ [PAYLOADS[0][0]]: 5 }) });
  await open(uuid);
  await expectHarmless();
  const shown = await shownFields();
  PAYLOADS.forEach(([payload, readable = payload], index) => {
    const rows = shown.filter(([label, text]) => label === `${readable}-${index}` && text === readable);
    assert.equal(rows.length, 2, payload);
  });
  assert.deepEqual(shown.find(([label]) => label === PAYLOADS[0][0]), [PAYLOADS[0][0], " 5 µs"]);
});

test("what a client says of itself is text", async () => {
  for (const [payload] of PAYLOADS.filter(([text]) => /^[\x20-\x7e]*$/.test(text))) {
    await console_.post("logs", [{ method: "GET", path: "/client" }], { "X-Logs-Instance": "d".repeat(32),
      "X-Logs-Ledger": "captured=1, delivered=0, duplicate=0, rejected=0, dropped=0", "X-SDK-Type": payload,
      "X-SDK-Version": payload, "X-SDK-Hash": payload });
    await page.goto("about:blank");
    await page.goto(`${console_.url}/#view=clients`);
    await page.locator("#client-rows tr").first().waitFor();
    await expectHarmless();
    assert.equal(await page.locator("#client-rows :is(script, img, svg, iframe, style, link, a, base)").count(), 0);
  }
});
