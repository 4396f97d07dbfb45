// Live at odd moments, in a real browser against a real server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ConsoleFixture } from "./console_fixture.mjs";

const UUID = "018f3a5e7c0d7abc8def0123456789ab";
const LIST = /\/api\/v1\/logs\?/;
const console_ = new ConsoleFixture();
let page;

before(async () => {
  await console_.start();
  page = console_.page;
  await console_.send({ uuid: UUID, method: "GET", path: "/first", status_code: 200 });
  await page.goto(console_.signInUrl);
  await page.locator("#rows tr").waitFor();
});
after(() => console_.stop());

test("a link to an entry opens it while live, too", async () => {
  await page.goto("about:blank");
  await page.goto(`${console_.url}/#live=1&entry=${UUID}`);
  await page.locator("#detail h2", { hasText: "200 GET /first" }).waitFor();
  await page.keyboard.press("Escape");
  await page.click("#live");
});

test("what comes while the list is still asked for stays on the screen", async () => {
  let letAnswer;
  const mayAnswer = new Promise((resolve) => { letAnswer = resolve; });
  let tellRead;
  const read = new Promise((resolve) => { tellRead = resolve; });
  await page.route(LIST, async (route) => {
    const response = await route.fetch();
    tellRead();
    await mayAnswer;
    await route.fulfill({ response });
  });
  await page.click("#live");
  await read;
  await console_.send({ method: "GET", path: "/late", status_code: 200 });
  await page.locator("#rows tr", { hasText: "/late" }).waitFor();
  letAnswer();
  await page.locator("body:not(.busy)").waitFor();
  assert.deepEqual(await console_.paths(), ["/late", "/first"]);
  await page.unroute(LIST);
});

test("an interrupted entry that is completed is shown as it ended, once", async () => {
  const uuid = "018f3a5e7c0d7abc8def0000000000cd";
  await page.locator("#live[aria-pressed=true]").waitFor();
  await console_.send({ uuid, method: "GET", path: "/cut", is_error: true, error_type: "interrupted" });
  await page.locator("#rows tr", { hasText: "/cut" }).waitFor();
  await console_.send({ uuid, method: "GET", path: "/cut", status_code: 202 });
  await page.locator("#rows tr", { hasText: "202" }).waitFor();
  assert.equal(await page.locator("#rows tr", { hasText: "/cut" }).count(), 1);
});

test("an entry's name that is none opens nothing and asks for nothing", async () => {
  for (const name of ["tail", "..", "<script>", "a/b"]) {
    await page.goto("about:blank");
    await page.goto(`${console_.url}/#entry=${encodeURIComponent(name)}`);
    await page.locator("#detail .message", { hasText: "not there" }).waitFor();
  }
});

test("the browser had nothing to complain of", () => assert.deepEqual(console_.problems, []));
