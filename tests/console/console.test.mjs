// The console in a real browser, against a real server: signs in, searches, opens an entry, follows new ones.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ConsoleFixture } from "./console_fixture.mjs";

const HOSTILE_PATH = "/<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">";
const HOSTILE_NAME = "<img src=x onerror=alert(1)>";
const console_ = new ConsoleFixture();
let page;

before(async () => {
  await console_.start();
  page = console_.page;
});
after(() => console_.stop());

test("without a token it asks for one, and refuses a wrong one", async () => {
  await page.goto(console_.url);
  await page.fill("#token", "clog_at_wrong");
  await page.press("#token", "Enter");
  await page.locator(".problem", { hasText: "This token is not valid." }).waitFor();
});

test("the token of the address signs in, and leaves the address", async () => {
  await page.goto(console_.signInUrl);
  await page.locator("h1", { hasText: "No entries yet" }).waitFor();
  assert.equal(new URL(page.url()).hash, "");
  assert.match(await page.locator(".card pre").first().textContent(), /curl .*\/api\/v1\/ingest\/logs/);
});

test("entries are listed newest first, hostile text as text", async () => {
  await console_.send({ method: "GET", path: "/orders/1", status_code: 200, timestamp: new Date(Date.now() - 3000).toISOString() });
  await console_.send({ method: "POST", path: HOSTILE_PATH, status_code: 500, is_error: true, error_message: HOSTILE_PATH,
    timestamp: new Date(Date.now() - 2000).toISOString(), tags: { [HOSTILE_NAME]: HOSTILE_PATH } });
  await page.click("text=Look again");
  await page.locator("#rows tr").nth(1).waitFor();
  assert.deepEqual(await console_.paths(), [HOSTILE_PATH, "/orders/1"]);
  assert.equal(await page.title(), "Logs");
  assert.equal(await page.locator("#rows script, #rows img").count(), 0);
});

test("a search narrows the list and stands in the address", async () => {
  await console_.search("status:200");
  await page.locator("#rows tr").first().waitFor();
  assert.deepEqual(await console_.paths(), ["/orders/1"]);
  assert.equal(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("q"), "status:200");
});

test("an error of the query shows where it is", async () => {
  await console_.search("status:abc");
  const shown = page.locator("#query-error");
  await shown.waitFor();
  assert.equal(await shown.textContent(), "status:abc\n       ^ expected a whole number for status_code");
});

test("an entry opens with all its fields, by key and by link", async () => {
  await console_.search("status:500");
  await page.locator("#query-error").waitFor({ state: "hidden" });
  await page.press("#query", "Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.locator("#detail h2").waitFor();
  assert.match(await page.locator("#detail h2").textContent(), /500 POST \/<script>/);
  assert.equal(await page.locator("#detail script, #detail img").count(), 0);
  assert.ok((await page.locator("#detail th").allTextContents()).includes(HOSTILE_NAME));
  await page.locator("#detail .all-fields summary").click();
  await page.locator("#detail .all-fields dt").first().waitFor();
  assert.equal(await page.locator("#detail .all-fields dt").count(), 57);

  const link = page.url();
  await page.keyboard.press("Escape");
  await page.locator("#detail").waitFor({ state: "hidden" });
  await page.goto("about:blank");
  await page.goto(link);
  await page.locator("#detail h2").waitFor();
  assert.equal(await page.title(), "Logs");
});

test("older entries follow by cursor, and the newest come back", async () => {
  const start = Date.now() - 60_000;
  await console_.send(...Array.from({ length: 150 }, (_, i) =>
    ({ method: "GET", path: `/page/${i}`, status_code: 204, timestamp: new Date(start + i).toISOString() })));
  await page.goto("about:blank");
  await page.goto(`${console_.url}/#q=status:204`);
  await page.locator("#older").click();
  await page.locator("#rows tr", { hasText: "/page/0" }).waitFor();
  assert.equal(await page.locator("#rows tr").count(), 50);
  await page.locator("#newest").click();
  await page.locator("#rows tr", { hasText: "/page/149" }).waitFor();
  assert.equal(await page.locator("#rows tr").count(), 100);
});

test("a message of the application is listed by its text and level", async () => {
  await console_.send({ method: "MANUAL", path: "/_log/warn", client_type: "server", request_body: "stock is low" });
  await console_.search("stock");
  await page.locator("#rows tr").first().waitFor();
  assert.deepEqual(await console_.paths(), ["stock is low"]);
  assert.equal(await page.locator("#rows .badge").textContent(), "warn");
});

test("an event of the infrastructure is listed, and leads to the entry it is about", async () => {
  const uuid = "018f3a5e7c0d7abc8def0123456789ab";
  await console_.send({ uuid, method: "GET", path: "/slow", status_code: 504 });
  await console_.sendInfra({ level: "error", source_type: "database", source_name: "orders-db", host: "db-1",
    message: "too many connections", is_error: true, error_detail: "limit 100", related_api_uuid: uuid, metadata: "{\"pool\":7}" });
  await console_.search("kind:infra level:error");
  await page.locator("#rows tr").first().waitFor();
  assert.deepEqual(await console_.paths(), ["too many connections"]);
  assert.equal(await page.locator("#rows td.client").textContent(), "database orders-db");
  await page.locator("#rows tr").first().click();
  await page.locator("#detail h4", { hasText: "Detail" }).waitFor();
  assert.deepEqual(await page.locator("#detail .json .key").allTextContents(), ['"pool"']);
  await page.locator("#detail button.open").click();
  await page.locator("#detail h2", { hasText: "504 GET /slow" }).waitFor();
  await page.keyboard.press("Escape");
});

test("what is being typed stays when the address changes for another reason", async () => {
  await console_.search("path:/page/*");
  await page.fill("#query", "path:/half");
  await page.evaluate(() => { location.hash += "&entry=018f3a5e7c0d7abc8def0123456789ab"; });
  await page.locator("#detail h2", { hasText: "504 GET /slow" }).waitFor();
  assert.equal(await page.inputValue("#query"), "path:/half");
  await page.locator("#detail .close").click();
  await page.locator("#detail").waitFor({ state: "hidden" });
});

test("live shows what is stored from now on, and only what the query finds", async () => {
  await console_.search("path:/live/*");
  await page.locator(".card", { hasText: "Nothing found" }).waitFor();
  const streaming = page.waitForResponse((response) => response.url().includes("/api/v1/logs/tail?"));
  await page.click("#live");
  await streaming;
  await console_.send({ method: "GET", path: "/other", status_code: 200 }, { method: "GET", path: "/live/1", status_code: 200 });
  await page.locator("#rows tr", { hasText: "/live/1" }).waitFor();
  await console_.send({ method: "GET", path: "/live/2", status_code: 200 });
  await page.locator("#rows tr", { hasText: "/live/2" }).waitFor();
  assert.deepEqual(await console_.paths(), ["/live/2", "/live/1"]);
  assert.equal(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("live"), "1");
  await page.click("#live");
  await page.locator("#live[aria-pressed=false]").waitFor();
});

test("each instance is listed with its ledger", async () => {
  const ledger = "captured=5, delivered=0, duplicate=0, rejected=0, dropped=1";
  await console_.post("logs", [{ method: "GET", path: "/counted", status_code: 200 }],
    { "X-Logs-Instance": "c".repeat(32), "X-Logs-Ledger": ledger, "X-SDK-Type": "cpp", "X-SDK-Version": "1.0.0" });
  await page.click("#clients");
  const row = page.locator("#client-rows tr", { hasText: "c".repeat(12) });
  await row.waitFor();
  const cells = await row.locator("td").allTextContents();
  assert.deepEqual(cells.slice(5, 14), ["5", "0", "0", "0", "1", "4", "1", "0", "0"]);
  assert.equal(cells[14], "waiting");
  await page.click("#clients");
  await page.locator("#rows tr").first().waitFor();
});

test("signing out ends the session", async () => {
  await page.click("#sign-out");
  await page.locator("#token").waitFor();
  await page.reload();
  await page.locator("#token").waitFor();
});

test("the browser had nothing to complain of", () => assert.deepEqual(console_.problems, []));
