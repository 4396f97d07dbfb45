// An entry as the console shows it, in a real browser against a real server: what a person sees first, what is marked,
// what can be copied, where one can go on, and that large entries stay light.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { ConsoleFixture } from "./console_fixture.mjs";

const run = promisify(execFile);
const console_ = new ConsoleFixture();
let page;
let number = 0;

before(async () => {
  await console_.start();
  page = console_.page;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: console_.url });
  await page.goto(console_.signInUrl);
  await page.locator("h1", { hasText: "No entries yet" }).waitFor();
});
after(() => console_.stop());

const json = JSON.stringify;
const nextUuid = () => `018f3a5e7c0d7abc8def${String(++number).padStart(12, "0")}`;

/** Sends an entry and opens it. */
async function show(fields, viewport = { width: 1400, height: 900 }) {
  const uuid = nextUuid();
  await console_.send({ uuid, method: "GET", path: "/", status_code: 200, ...fields });
  await open(uuid, viewport);
  return uuid;
}

async function open(uuid, viewport = { width: 1400, height: 900 }) {
  await page.setViewportSize(viewport);
  await page.goto("about:blank");
  await page.goto(`${console_.url}/#range=all&entry=${uuid}`);
  await page.locator("#detail h2").waitFor();
}

const text = (selector) => page.locator(`#detail ${selector}`).first().textContent();
const texts = (selector) => page.locator(`#detail ${selector}`).allTextContents();
const part = (title) => page.locator(`#detail section[aria-label="${title}"]`);

const FAILED = {
  method: "POST", path: "/orders/7/pay", query_string: "dry=1&token=***", full_url: "https://shop.example/orders/7/pay?dry=1&token=***", scheme: "https",
  host_header: "shop.example", status_code: 500, duration_ms: 1251, is_error: true, error_type: "panic", service_name: "shop", environment: "staging", user_id: "u-1",
  error_message: "shop::Error: not paid; caused by std::system_error: refused", panic_location: "shop::pay at pay.cc:5",
  error_stack: "std::function at /usr/include/x:1\nmain at main.cc:9\nshop::pay at pay.cc:5",
  content_type: "application/json", request_headers: json({ "content-type": "application/json", authorization: "Bearer ***", "x-many": ["a", "b"] }),
  request_body: json({ order: 7, card: "***", items: [{ sku: "A" }] }), request_body_size: 60, response_headers: json({ "content-type": "application/json", "...": "...[truncated]" }),
  response_body: '{"items":[1,2,{"a":"xy...[truncated]', response_body_size: 9000, client_ip: "203.0.113.9", client_ip_chain: "203.0.113.9, 10.0.0.7",
  device_type: "Mobile", browser: "Safari", browser_version: "17", os_name: "iOS", os_version: "17.1", client_city: "Köln", client_country: "DE",
  latency_breakdown: json({ queue_us: 84000, handler_us: 1180000, first_byte_us: 1239000, response_us: 12400, total_us: 1251400 }),
  tags: { route: "/orders/{id}/pay", ip_rule: "x_forwarded_for", tier: "gold" }, trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
};

test("an error is told by a sentence, then its reason, then the rest in a person's order", async () => {
  await show(FAILED);
  assert.equal(await text(".sentence"), "User u-1 at 203.0.113.9 in Köln, DE, with Safari 17 on iOS 17.1 (Mobile), sent POST /orders/{id}/pay to shop in staging "
    + "and got 500 Internal Server Error after 1.25 s: the handler failed.");
  assert.deepEqual(await texts("section > h3"), ["Error", "RequestCopy as curl", "Response", "Client", "Timings", "Tags", "Trace", "Service"]);
  assert.deepEqual(await texts(".causes li"), ["shop::Error: not paid", "caused by std::system_error: refused"]);
  assert.deepEqual(await texts(".stack .library"), ["std::function at /usr/include/x:1"]);
  assert.deepEqual(await texts(".stack .newest code"), ["shop::pay at pay.cc:5"]);
  assert.equal(await text(".why"), "The first address of X-Forwarded-For, from the right, that is not a trusted proxy.");
  assert.deepEqual(await texts(".chain .client"), ["203.0.113.9"]);
});

test("what was masked or cut is marked where it stands, explained, and counted", async () => {
  assert.deepEqual(await texts(".when mark"), ["3 values masked", "2 texts cut"]);
  assert.match(await page.locator("#detail .pairs mark.masked").first().getAttribute("title"), /^Masked/);
  assert.equal(await part("Request").locator(".json mark.masked").count(), 1);
  assert.equal(await part("Response").locator(".body-bar mark.cut").textContent(), "cut: 22 bytes of 8.8 KB recorded");
  assert.match(await part("Response").locator("summary").first().textContent(), /^1 header, the rest was left out/);
});

test("JSON is laid out as far as it goes, folds, and shows as it was recorded", async () => {
  const body = part("Response").locator(".body");
  assert.deepEqual(await body.locator(".number, .string").allTextContents(), ["1", "2", '"xy']);
  assert.deepEqual(await body.locator(".key").allTextContents(), ['"items"', '"a"']);
  await body.locator("summary").nth(1).click();
  assert.equal(await body.locator(".number").first().isVisible(), false);
  const raw = part("Response").locator("button", { hasText: "Raw" });
  await raw.click();
  assert.equal(await raw.getAttribute("aria-pressed"), "true");
  assert.equal(await body.locator("pre").textContent(), FAILED.response_body);
  await raw.click();
  assert.equal(await body.locator("pre").count(), 0);
});

test("timings are bars on one line of time, with their numbers as text", async () => {
  const rows = await part("Timings").locator("tr").allTextContents();
  assert.deepEqual(rows, ["Queue before it84 ms", "Handler1.18 s 94 %", "Until the first byte1.24 s 99 %", "Response12.4 ms 1 %", "Total1.25 s"]);
  const boxes = await part("Timings").locator("rect").evaluateAll((all) => all.map((each) => each.getBoundingClientRect()).map(({ left, right }) => [left, right]));
  const [queue, handler, first, response, total] = boxes;
  const isNear = (a, b) => assert.ok(Math.abs(a - b) < 4, `${a} ${b}`);
  isNear(queue[0], await part("Timings").locator(".track").first().evaluate((track) => track.getBoundingClientRect().left));
  isNear(queue[1], total[0]);
  isNear(handler[0], total[0]);
  isNear(first[1], response[0]);
  isNear(response[1], total[1]);
  assert.match(await part("Timings").locator(".note").textContent(), /not measured/);
});

test("moments are local, with UTC to be seen", async () => {
  const timestamp = new Date(Date.now() - 2 * 24 * 3600_000).toISOString();
  await show({ timestamp });
  assert.equal(await page.locator("#detail time").getAttribute("title"), timestamp.replace("T", " ").replace("Z", " UTC"));
  assert.match(await text("time"), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
});

test("forms, XML, multipart, lines of JSON and binary content have forms of their own", async () => {
  await show({ method: "POST", content_type: "application/x-www-form-urlencoded", request_body: "user=a%40b&password=***&x=1+2", request_body_size: 30 });
  assert.deepEqual(await part("Request").locator(".body tr").allTextContents(), ["usera@b", "password***", "x1 2"]);
  await show({ method: "POST", content_type: "text/xml", request_body: "<a><b>1</b></a>", request_body_size: 15 });
  assert.equal(await part("Request").locator(".body pre").textContent(), "<a>\n  <b>1</b>\n</a>");
  await show({ method: "POST", content_type: "multipart/form-data; boundary=b", request_body: '[part name="f" filename="me.png" type=image/png size=2048]\n[part name="n" size=2] "hi"', request_body_size: 3000 });
  assert.deepEqual(await part("Request").locator(".body tbody tr").allTextContents(), ["fme.pngimage/png2.0 KB", "n2 byteshi"]);
  await show({ method: "POST", content_type: "application/x-ndjson", request_body: '{"n":1}\n{"n":2}', request_body_size: 15 });
  assert.deepEqual(await part("Request").locator(".json .number").allTextContents(), ["1", "2"]);
  await show({ response_body: "[binary image/png 48211 bytes]", response_body_size: 48211, request_body_size: 900 });
  assert.equal(await part("Response").locator(".note").textContent(), "Binary content, image/png, 47 KB: recorded by type and size only.");
  assert.match(await part("Request").locator(".note").textContent(), /^A body of 900 bytes\. It is not in the entry: recording of bodies is off/);
});

test("messages and events are told by what they say", async () => {
  await show({ method: "MANUAL", path: "/_log/warn", request_body: "stock is low:\n3 left", service_name: "shop", status_code: 0, host: "app-1" });
  assert.equal(await text(".sentence"), "shop on app-1 said, at level warn:");
  assert.equal(await text(".reason"), "stock is low:\n3 left");
  const uuid = nextUuid();
  await console_.sendInfra({ uuid, level: "error", source_type: "database", source_name: "orders", host: "db-1", message: "too many", metadata: json({ pool: 7 }) });
  await open(uuid);
  assert.equal(await text(".sentence"), "database orders on db-1 reported error.");
  assert.deepEqual(await texts(".json .number"), ["7"]);
});

test("the copied command sends the request again, run by bash", async () => {
  let arrived;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    arrived = { method: request.method, url: request.url, tenant: request.headers["x-tenant"], body };
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const body = json({ note: "it's $(touch x) `y`\n@ --data", sign: "!" });
  await show({ method: "PUT", path: "/a'b", query_string: "x=$(id)", scheme: "http", host_header: `127.0.0.1:${server.address().port}`, content_type: "application/json",
    request_headers: json({ "content-type": "application/json", "x-tenant": "a 'b'" }), request_body: body, request_body_size: body.length });
  await page.click("text=Copy as curl");
  await page.locator("#detail .copy", { hasText: "Copied" }).waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  await run("bash", ["-c", command.replace("curl", "curl --silent --noproxy '*'")]);
  assert.deepEqual(arrived, { method: "PUT", url: "/a'b?x=$(id)", tenant: "a 'b'", body });
  server.close();
});

test("a link leads to what belongs to the entry, and to nothing else", async () => {
  const time = Date.now();
  const at = (ms) => new Date(time + ms).toISOString();
  const same = { user_id: "mia \"x\"", session_id: "s-9", trace_id: "11f92f3577b34da6a3ce929d0e0e4736", client_ip: "198.51.100.7", host: "app-9", service_name: "cart", error_type: "timeout", is_error: true };
  await console_.send({ method: "GET", path: "/linked/other", timestamp: at(-1000), user_id: "mia" });
  await console_.send({ method: "GET", path: "/linked/long-ago", timestamp: at(-5 * 24 * 3600_000), ...same });
  await console_.send({ method: "GET", path: "/linked/before", timestamp: at(-2000), ...same, tags: { route: "/linked/{x}" } });
  const uuid = nextUuid();
  await console_.send({ uuid, method: "GET", path: "/linked/this", timestamp: at(0), ...same, tags: { route: "/linked/{x}" } });
  for (const label of ["trace", "session", "user", "client address", "route", "error type", "host", "service"]) {
    await open(uuid);
    const link = page.locator("#detail .same a", { hasText: label });
    assert.match(await link.getAttribute("href"), /^#/);
    const searched = page.waitForResponse((response) => response.url().includes("/api/v1/logs?") && response.url().includes("to="));
    await link.click();
    await searched;
    await page.locator("body:not(.busy)").waitFor();
    assert.deepEqual(await console_.paths(), ["/linked/this", "/linked/before"], label);
  }
});

test("keys go from entry to entry, the focus stays where it was, and Escape brings it back to the list", async () => {
  await page.goto("about:blank");
  await page.goto(`${console_.url}/#range=all&q=path:/linked/*`);
  await page.locator("#rows tr").nth(3).waitFor();
  const title = (name) => page.locator("#detail h2", { hasText: `/linked/${name}` }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await title("this");
  assert.equal(await focused(), "detail-title");
  await page.keyboard.press("j");
  await title("other");
  assert.equal(await focused(), "detail-title");
  await page.keyboard.press("k");
  await title("this");
  await page.click("#detail .next");
  await title("other");
  await page.keyboard.press("Escape");
  await page.locator("#detail").waitFor({ state: "hidden" });
  assert.match(await focused(), /\/linked\/other/);
  await page.keyboard.press("ArrowDown");
  assert.match(await focused(), /\/linked\/before/);
  await page.goBack();
  await page.locator("#detail").waitFor({ state: "visible" });
  await page.goBack();
  await page.locator("#detail").waitFor({ state: "hidden" });
});

test("refreshing the list leaves the open entry as it was opened", async () => {
  const uuid = await show(FAILED);
  await page.locator("#detail .all-fields summary").click();
  const asked = page.waitForResponse((response) => response.url().includes("/api/v1/logs?"));
  await page.click("#refresh");
  await asked;
  await page.locator("body:not(.busy)").waitFor();
  assert.equal(await page.locator("#detail .all-fields").getAttribute("open"), "");
  assert.ok(uuid);
});

test("on a narrow screen everything stands in one column, and nothing reaches beyond it", async () => {
  for (const width of [320, 390, 690]) {
    await show({ ...FAILED, path: `/${"x".repeat(600)}`, user_agent: "y".repeat(900), request_body: json({ ["k".repeat(300)]: "v".repeat(3000) }) }, { width, height: 800 });
    assert.equal(await page.locator("#detail").evaluate((detail) => detail.scrollWidth - detail.clientWidth), 0, `${width}`);
    assert.equal(await page.locator("#list").isVisible(), false);
    const [term, value] = await page.locator("#detail dl").first().evaluate((list) => [...list.children].slice(0, 2).map((each) => each.getBoundingClientRect().left));
    assert.equal(term, value);
  }
});

const SIZE = 65_000;
const LARGE = {
  "many members": json(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`member_${i}`, i]))),
  "deep": "[".repeat(SIZE),
  "many marks": `["${"*** ".repeat(SIZE / 4)}"]`,
  "nested": json(Array.from({ length: 400 }, (_, i) => ({ i, a: { b: { c: [1, 2, 3] } } }))),
  "one line": "x".repeat(SIZE),
  "many lines": "y\n".repeat(SIZE / 2),
  "lines of JSON": '{"n":1}\n'.repeat(SIZE / 8),
};

test("large entries put a bounded number of elements on the page at first", async () => {
  const headers = json(Object.fromEntries(Array.from({ length: 256 }, (_, i) => [`x-header-${i}`, `value ${i}`])));
  for (const [name, body] of Object.entries(LARGE)) {
    await show({ method: "POST", request_headers: headers, response_headers: headers, request_body: body, response_body: body, request_body_size: SIZE, response_body_size: SIZE,
      query_string: "a=1&".repeat(1000), error_stack: "f at a.cc:1\n".repeat(600), is_error: true, tags: Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`t${i}`, i])) });
    const count = await page.locator("#detail *").count();
    assert.ok(count < 3500, `${name}: ${count}`);
  }
  await show({ method: "POST", content_type: "application/x-www-form-urlencoded", request_body: "a=1&".repeat(SIZE / 4), request_body_size: SIZE });
  assert.ok(await page.locator("#detail *").count() < 1000);
});

test("what does not stand on the page at first is one press away", async () => {
  const headers = json(Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`x-header-${i}`, `${i}`])));
  await show({ request_headers: headers, response_body: LARGE["many members"].slice(0, SIZE), response_body_size: SIZE });
  await part("Request").locator("summary").click();
  const rows = part("Request").locator(".pairs th");
  await rows.first().waitFor();
  assert.equal(await rows.count(), 50);
  await part("Request").locator(".more").click();
  await part("Request").locator(".more").click();
  assert.equal(await rows.count(), 120);
  assert.equal(await part("Request").locator(".more").count(), 0);
  const members = part("Response").locator(".json .number");
  assert.equal(await members.count(), 100);
  await part("Response").locator(".more").click();
  assert.equal(await members.count(), 200);
});

test("the browser had nothing to complain of", () => assert.deepEqual(console_.problems, []));
