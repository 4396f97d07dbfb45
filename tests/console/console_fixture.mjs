// A real logs-server and a real browser for the tests of the console.
//
// LOGS_SERVER names the program, CHROMIUM the browser (default /usr/bin/chromium); console_browser.py sets both.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

function readKeys(file) {
  try {
    const lines = readFileSync(file, "utf8").split("\n").filter((line) => line.includes("="));
    return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
  } catch {
    return {};
  }
}

export class ConsoleFixture {
  #folder = mkdtempSync(join(tmpdir(), "logs-console-test-"));
  #server;
  #browser;
  keys; // what the keys file says
  page;
  problems = []; // what the browser complained of
  foreignRequests = []; // addresses outside of the server that the page asked for

  async start(flags = []) {
    const keysFile = join(this.#folder, "keys");
    this.#server = spawn(process.env.LOGS_SERVER,
      ["--data", join(this.#folder, "data"), "--port", "0", "--keys-file", keysFile],
      { stdio: ["ignore", "ignore", "inherit"] });
    this.keys = await this.#keysOf(keysFile);
    this.#browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [...BROWSER_FLAGS, ...flags] });
    this.page = await (await this.newContext()).newPage();
    this.page.on("pageerror", (error) => this.problems.push(error.message));
    this.page.on("dialog", (dialog) => {
      this.problems.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    this.page.on("console", (message) => {
      if (message.type() === "error" && message.text().includes("Content Security Policy")) this.problems.push(message.text());
    });
    this.page.on("request", (request) => {
      if (!request.url().startsWith(this.url)) this.foreignRequests.push(request.url());
    });
  }

  /** A reader with cookies of its own. */
  newContext() {
    return this.#browser.newContext();
  }

  async stop() {
    await this.#browser?.close();
    if (this.#server && this.#server.exitCode === null) {
      this.#server.kill("SIGTERM");
      await once(this.#server, "exit");
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get url() {
    return this.keys.LOGS_SERVER_URL;
  }

  get signInUrl() {
    return `${this.url}/#token=${this.keys.LOGS_SERVER_TOKEN}`;
  }

  async post(path, entries, headers = {}) {
    const response = await fetch(`${this.url}/api/v1/ingest/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-API-Key": this.keys.LOGS_SDK_API_KEY,
        "X-API-Secret": this.keys.LOGS_SDK_API_SECRET, ...headers },
      body: JSON.stringify({ logs: entries.map((entry) => ({ timestamp: new Date().toISOString(), ...entry })) }),
    });
    const answer = await response.json();
    assert.equal(answer.accepted, entries.length, JSON.stringify(answer));
  }

  send(...entries) {
    return this.post("logs", entries);
  }

  sendInfra(...entries) {
    return this.post("infra-logs", entries);
  }

  paths() {
    return this.page.locator("#rows td.path").allTextContents();
  }

  async search(text) {
    await this.page.fill("#query", text);
    const answered = this.page.waitForResponse((response) => response.url().includes("/api/v1/logs?"));
    await this.page.press("#query", "Enter");
    await answered;
    await this.page.locator("body:not(.busy)").waitFor();
  }

  // The server writes the file when it can be used.
  async #keysOf(file) {
    const watcher = watch(this.#folder);
    const death = once(this.#server, "exit").then(([code]) => assert.fail(`logs-server ended with ${code}`));
    try {
      for (;;) {
        const found = readKeys(file);
        if (found.LOGS_SERVER_TOKEN) return found;
        await Promise.race([once(watcher, "change"), death]);
      }
    } finally {
      death.catch(() => {}); // from now on the end of the server is what stop() waits for
      watcher.close();
    }
  }
}
