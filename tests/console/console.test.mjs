// The console in a real browser, against a real server: signs in, searches, opens an entry; what was stored stays text.
//
// LOGS_SERVER names the program, CHROMIUM the browser (default /usr/bin/chromium); console_browser.py sets both.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const HOSTILE_PATH = "/<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">";
const HOSTILE_NAME = "<img src=x onerror=alert(1)>";
const BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

const folder = mkdtempSync(join(tmpdir(), "logs-console-test-"));
let server;
let keys; // what the keys file says
let browser;
let page;
const problems = []; // what the browser complained of

function readKeys(file) {
  try {
    const lines = readFileSync(file, "utf8").split("\n").filter((line) => line.includes("="));
    return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
  } catch {
    return {};
  }
}

// The server writes the file when it can be used.
async function keysOf(file) {
  const watcher = watch(folder);
  const death = once(server, "exit").then(([code]) => assert.fail(`logs-server ended with ${code}`));
  try {
    for (;;) {
      const found = readKeys(file);
      if (found.LOGS_SERVER_TOKEN) return found;
      await Promise.race([once(watcher, "change"), death]);
    }
  } finally {
    death.catch(() => {}); // from now on the end of the server is what after() waits for
    watcher.close();
  }
}

async function send(...entries) {
  const response = await fetch(keys.LOGS_SDK_ENDPOINT, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-API-Key": keys.LOGS_SDK_API_KEY, "X-API-Secret": keys.LOGS_SDK_API_SECRET },
    body: JSON.stringify({ logs: entries.map((entry) => ({ timestamp: new Date().toISOString(), ...entry })) }),
  });
  assert.equal((await response.json()).accepted, entries.length);
}

const paths = () => page.locator("#rows td.path").allTextContents();

async function search(text) {
  await page.fill("#query", text);
  const answered = page.waitForResponse((response) => response.url().includes("/api/v1/logs?"));
  await page.press("#query", "Enter");
  await answered;
}

before(async () => {
  const keysFile = join(folder, "keys");
  server = spawn(process.env.LOGS_SERVER, ["--data", join(folder, "data"), "--port", "0", "--keys-file", keysFile],
    { stdio: ["ignore", "ignore", "inherit"] });
  keys = await keysOf(keysFile);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: BROWSER_FLAGS });
  page = await browser.newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && message.text().includes("Content Security Policy")) problems.push(message.text());
  });
});

after(async () => {
  await browser?.close();
  if (server && server.exitCode === null) {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
});

test("without a token it asks for one, and refuses a wrong one", async () => {
  await page.goto(keys.LOGS_SERVER_URL);
  await page.fill("#token", "clog_at_wrong");
  await page.press("#token", "Enter");
  await page.locator(".problem", { hasText: "This token is not valid." }).waitFor();
});

test("the token of the address signs in, and leaves the address", async () => {
  await page.goto(`${keys.LOGS_SERVER_URL}/#token=${keys.LOGS_SERVER_TOKEN}`);
  await page.locator("h1", { hasText: "No entries yet" }).waitFor();
  assert.equal(new URL(page.url()).hash, "");
  assert.match(await page.locator(".card pre").first().textContent(), /curl .*\/api\/v1\/ingest\/logs/);
});

test("entries are listed newest first, hostile text as text", async () => {
  await send({ method: "GET", path: "/orders/1", status_code: 200, timestamp: new Date(Date.now() - 3000).toISOString() });
  await send({ method: "POST", path: HOSTILE_PATH, status_code: 500, is_error: true, error_message: HOSTILE_PATH,
    timestamp: new Date(Date.now() - 2000).toISOString(), tags: { [HOSTILE_NAME]: HOSTILE_PATH } });
  await page.click("text=Look again");
  await page.locator("#rows tr").nth(1).waitFor();
  assert.deepEqual(await paths(), [HOSTILE_PATH, "/orders/1"]);
  assert.equal(await page.title(), "Logs");
  assert.equal(await page.locator("#rows script, #rows img").count(), 0);
});

test("a search narrows the list and stands in the address", async () => {
  await search("status:200");
  await page.locator("#rows tr").first().waitFor();
  assert.deepEqual(await paths(), ["/orders/1"]);
  assert.equal(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("q"), "status:200");
});

test("an error of the query shows where it is", async () => {
  await search("status:abc");
  const shown = page.locator("#query-error");
  await shown.waitFor();
  assert.equal(await shown.textContent(), "status:abc\n       ^ expected a whole number for status_code");
});

test("an entry opens with all its fields, by key and by link", async () => {
  await search("status:500");
  await page.locator("#query-error").waitFor({ state: "hidden" });
  await page.press("#query", "Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.locator("#detail h2").waitFor();
  assert.match(await page.locator("#detail h2").textContent(), /500 POST \/<script>/);
  assert.equal(await page.locator("#detail script, #detail img").count(), 0);
  assert.ok((await page.locator("#detail dt").allTextContents()).includes(HOSTILE_NAME));

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
  await send(...Array.from({ length: 150 }, (_, i) =>
    ({ method: "GET", path: `/page/${i}`, status_code: 204, timestamp: new Date(start + i).toISOString() })));
  await page.goto("about:blank");
  await page.goto(`${keys.LOGS_SERVER_URL}/#q=status:204`);
  await page.locator("#older").click();
  await page.locator("#rows tr", { hasText: "/page/0" }).waitFor();
  assert.equal(await page.locator("#rows tr").count(), 50);
  await page.locator("#newest").click();
  await page.locator("#rows tr", { hasText: "/page/149" }).waitFor();
  assert.equal(await page.locator("#rows tr").count(), 100);
});

test("signing out ends the session", async () => {
  await page.click("#sign-out");
  await page.locator("#token").waitFor();
  await page.reload();
  await page.locator("#token").waitFor();
});

test("the browser had nothing to complain of", () => assert.deepEqual(problems, []));
