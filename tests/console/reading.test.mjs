// Who may not read, in a real browser that is signed in: another site, another name of the same address, a frame; and
// the keys that may only write.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { ConsoleFixture } from "./console_fixture.mjs";

const FOREIGN_NAME = "logs.foreign.invalid";
const console_ = new ConsoleFixture();
let page;
let site; // another site: the same machine, another port, hence another origin

before(async () => {
  // The name of a foreign site that points to this machine, as DNS rebinding would have it.
  await console_.start([`--host-resolver-rules=MAP ${FOREIGN_NAME} 127.0.0.1`]);
  page = console_.page;
  await page.goto(console_.signInUrl);
  await page.locator("h1", { hasText: "No entries yet" }).waitFor();
  await console_.send({ method: "GET", path: "/secret-plan", status_code: 200 });
  site = createServer((_, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html><title>elsewhere</title>"));
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
});
after(async () => {
  await console_.stop();
  site?.close();
});

const siteUrl = () => `http://127.0.0.1:${site.address().port}/`;

/** What a page gets that asks for `path` of the server: its text, or the error's name. */
function ask(from, path, options = {}) {
  return from.evaluate(async ([url, init]) => {
    try {
      return await (await fetch(url, init)).text();
    } catch (error) {
      return error.name;
    }
  }, [path.startsWith("http") ? path : console_.url + path, options]);
}

test("the page itself reads", async () => {
  assert.match(await ask(page, "/api/v1/logs"), /secret-plan/);
});

test("another site cannot read, with the cookie or with a token, nor look by a frame or a script", async () => {
  const tab = await page.context().newPage(); // the same cookies
  await tab.goto(siteUrl());
  for (const options of [{ credentials: "include" }, { credentials: "include", headers: { Authorization: `Bearer ${console_.keys.LOGS_SERVER_TOKEN}` } }]) {
    for (const path of ["/api/v1/logs", "/api/v1/clients", "/api/v1/logs/tail"]) {
      assert.equal(await ask(tab, path, options), "TypeError", path);
    }
  }
  const framed = tab.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await tab.evaluate((url) => {
    const frame = document.createElement("iframe");
    frame.src = url;
    document.body.append(frame);
  }, console_.url);
  await framed;
  const outcome = await tab.evaluate((url) => new Promise((resolve) => {
    const script = document.createElement("script");
    script.onload = () => resolve("loaded");
    script.onerror = () => resolve("refused");
    script.src = url;
    document.head.append(script);
  }), `${console_.url}/api/v1/logs`);
  assert.equal(outcome, "refused");
  await tab.close();
});

test("a foreign name that points here is answered 421", async () => {
  const tab = await (await console_.newContext()).newPage();
  const port = new URL(console_.url).port;
  const answer = await tab.goto(`http://${FOREIGN_NAME}:${port}/`);
  assert.equal(answer.status(), 421);
  assert.doesNotMatch(await ask(tab, `http://${FOREIGN_NAME}:${port}/api/v1/logs`,
    { headers: { Authorization: `Bearer ${console_.keys.LOGS_SERVER_TOKEN}` } }), /secret-plan/);
  await tab.close();
});

test("the keys that write cannot read", async () => {
  const { LOGS_SDK_API_KEY: key, LOGS_SDK_API_SECRET: secret } = console_.keys;
  const shown = [{ "X-API-Key": key, "X-API-Secret": secret }, { Authorization: `Bearer ${key}` }, { Authorization: `Bearer ${secret}` }];
  for (const path of ["/api/v1/logs", "/api/v1/clients", "/api/v1/logs/tail", "/api/v1/metrics"]) {
    for (const headers of shown) {
      const response = await fetch(console_.url + path, { headers });
      assert.equal(response.status, 401, `${path} ${Object.keys(headers)}`);
      assert.doesNotMatch(await response.text(), /secret-plan/);
    }
  }
});
