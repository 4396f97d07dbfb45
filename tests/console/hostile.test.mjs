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

/** The name and text of every field of the open entry, in the list of all of them. */
async function shownFields() {
  await page.locator("#detail .all-fields > summary").click();
  await page.locator("#detail .all-fields dl").waitFor();
  return page.locator("#detail .all-fields").evaluate((list) => [...list.querySelectorAll("dt")].map((term) => {
    const value = term.nextElementSibling;
    return [term.textContent, value.querySelector("pre, span").textContent];
  }));
}

/** The cells of every row of pairs that the open entry shows: headers, parameters, tags. */
const shownPairs = () => page.locator("#detail .pairs tr").evaluateAll((rows) =>
  rows.map((row) => [row.querySelector("th").textContent, row.querySelector("td > span").textContent]));

async function open(uuid) {
  await page.goto(`${console_.url}/#range=all&entry=${uuid}`);
  await page.locator("#detail h2").waitFor();
}

const clickAll = (selector) => page.locator(selector).evaluateAll((found) => found.forEach((each) => each.click()));

async function expectHarmless() {
  assert.equal(await page.evaluate(() => window.hostile), undefined);
  assert.equal(await page.title(), "Logs");
  const made = page.locator(":is(#rows, #detail) :is(script, img, iframe, style, link, base, [style], [onload], [onerror], [onfocus]), "
    + "#rows :is(svg, a), #detail svg:not(.track), #detail svg.track :not(rect), #detail a:not([href^='#'])");
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
      const isBinary = field.endsWith("_body") && payload.includes("\0");
      const type = field === "request_body" ? "text/plain" : "application/octet-stream";
      assert.equal(text, isBinary ? `[binary ${type} ${payload.length + 1} bytes]` : readable, field);
    }
    assert.deepEqual(shown.find(([name]) => name === "content_type"), ["content_type", `text/plain; x=${readable}`]);
    for (const field of Object.keys(OTHER_FIELDS)) assert.ok(shown.some(([label]) => label === field), field);
    const label = tag === payload ? readable : tag;
    assert.ok((await shownPairs()).some(([name, text]) => name === label && text === readable), "the tag");
    await expectHarmless();
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
    assert.deepEqual(await page.locator("#detail .json .key").allTextContents(), ['"text"']);
    assert.deepEqual(await page.locator("#detail .json .string").allTextContents(), [`"${readable}"`]);
    await expectHarmless();
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
  await clickAll("#detail details.part:not([open]) > summary");
  await page.locator("#detail .pairs").nth(1).waitFor();
  const shown = await shownPairs();
  PAYLOADS.forEach(([payload, readable = payload], index) => {
    const rows = shown.filter(([label, text]) => label === `${readable}-${index}` && text === readable);
    assert.equal(rows.length, 2, payload);
  });
  assert.ok((await page.locator("#detail dt").allTextContents()).includes(PAYLOADS[0][0]));
  await expectHarmless();
  await page.keyboard.press("Escape");
});

const [IN_JSON, AS_QUERY] = [(text) => JSON.stringify({ [text]: [text, { [text]: text }] }), (text) => `${encodeURIComponent(text)}=${encodeURIComponent(text)}`];
const BODIES = {
  "application/json": IN_JSON,
  "application/x-ndjson": (text) => `${IN_JSON(text)}\n${IN_JSON(text)}`,
  "application/x-www-form-urlencoded": AS_QUERY,
  "application/xml": (text) => `<a b="${text}"><c>${text}</c></a>`,
  "multipart/form-data": (text) => `[part name=${JSON.stringify(text)} filename=${JSON.stringify(text)} size=5] ${JSON.stringify(text)}`,
  "text/plain": (text) => `${text}\n${text}`,
};

test("bodies of every form, whole and cut, are text", async () => {
  let number = 3000;
  for (const [type, make] of Object.entries(BODIES)) {
    for (const [payload] of PAYLOADS) {
      const uuid = uuidOf(++number);
      const body = make(payload);
      const cut = `${body.slice(0, body.length - 3)}...[truncated]`;
      await console_.send({ uuid, method: "POST", path: "/", query_string: AS_QUERY(payload), content_type: type, request_body: body, request_body_size: body.length,
        response_headers: JSON.stringify({ "content-type": type }), response_body: cut, response_body_size: 9999 });
      await open(uuid);
      await expectHarmless();
      await clickAll("#detail button[aria-pressed=false]"); // the raw text
      await expectHarmless();
      await page.keyboard.press("Escape");
    }
  }
});

test("an error's type, causes and frames are text, and so is what an answer says of it", async () => {
  let number = 4000;
  for (const [payload, readable = payload] of PAYLOADS) {
    const uuid = uuidOf(++number);
    await console_.send({ uuid, method: "GET", path: "/", is_error: true, error_type: "panic", error_message: `Type: ${payload}; caused by Other: ${payload}`,
      error_stack: `File "${payload}"\n  at ${payload}\n${payload}`, panic_location: payload, tags: { ip_rule: payload, route: payload }, client_ip: payload });
    await open(uuid);
    await expectHarmless();
    assert.deepEqual(await page.locator("#detail .causes li").allTextContents(), [`Type: ${readable}`, `caused by Other: ${readable}`]);
    assert.equal(await page.locator("#detail .why").textContent(), readable);
    await page.keyboard.press("Escape");
    const answer = uuidOf(++number);
    await console_.send({ uuid: answer, method: "GET", path: "/", status_code: 404, is_error: true, error_type: "http_error", error_message: JSON.stringify({ message: payload }) });
    await open(answer);
    assert.equal(await page.locator("#detail .reason").textContent(), readable);
    await expectHarmless();
    await page.keyboard.press("Escape");
  }
});

test("a hostile value finds its entry by the link, and only by that value", async () => {
  const isSearched = (response) => response.url().includes("/api/v1/logs?") && response.status() === 200;
  for (const [index, [payload]] of PAYLOADS.entries()) {
    const uuid = uuidOf(5000 + index);
    await console_.send({ uuid, method: "GET", path: `/linked/${index}`, tags: { route: `${payload}"\\ OR has:uuid *` } });
    await open(uuid);
    const searched = page.waitForResponse(isSearched);
    await page.locator("#detail .same a", { hasText: "route" }).click();
    await searched;
    await page.locator("body:not(.busy)").waitFor();
    assert.deepEqual(await console_.paths(), [`/linked/${index}`], payload);
    await expectHarmless();
  }
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
