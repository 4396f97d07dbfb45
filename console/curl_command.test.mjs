// The copied command is run by a real bash and a real curl against a real server, and what arrives is compared.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { curlCommand } from "./curl_command.js";

const run = promisify(execFile);
let server;
let folder; // where the commands run: what one of them writes is seen
let arrived;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "curl-command-test-"));
  writeFileSync(join(folder, "secret"), "of the reader's machine");
  server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    arrived = { method: request.method, url: request.url, headers: pairs(request.rawHeaders), body: Buffer.concat(chunks).toString() };
    response.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

// Bytes of a header, which Node.js shows one a character.
const utf8 = (text) => Buffer.from(text, "latin1").toString();
const pairs = (raw) => raw.flatMap((name, i) => (i % 2 ? [] : [[name, utf8(raw[i + 1])]]));
const entry = (fields) => ({ method: "GET", scheme: "http", host_header: `127.0.0.1:${server.address().port}`, path: "/", query_string: "",
  request_headers: "{}", request_body: "", request_body_size: Buffer.byteLength(fields.request_body ?? ""), content_type: "", user_agent: "", ...fields });

/** What the server gets when the command for this entry is run. */
async function sent(fields) {
  arrived = null;
  const command = curlCommand(entry(fields));
  await run("bash", ["-c", command.replace(/^curl/m, "curl --silent --show-error --noproxy '*'")], { cwd: folder });
  assert.deepEqual(readdirSync(folder), ["secret"], "nothing but curl ran");
  return { ...arrived, command };
}

const valuesOf = (got, name) => got.headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);

const HOSTILE = ["it's", "'; touch pwned; '", "$(touch pwned)", "`touch pwned`", "a\"b", "\\", "\\'", "--output pwned", "-o pwned", "@secret", "<secret", "!!",
  "${IFS}", "a;b", "a&b", "*", "{a,b}", "[1-9]", "%00", "é 猫 🐈", "~", "# x", "|", "&& touch pwned"];

test("the request of an ordinary entry arrives as it was", async () => {
  const got = await sent({ method: "POST", path: "/orders/7", query_string: "a=1&b=%20x", content_type: "application/json",
    request_headers: JSON.stringify({ "content-type": "application/json", "user-agent": "shop/1.0", "x-tenant": "t1" }), request_body: '{"n": 1}\n' });
  assert.equal(got.method, "POST");
  assert.equal(got.url, "/orders/7?a=1&b=%20x");
  assert.equal(got.body, '{"n": 1}\n');
  assert.deepEqual(valuesOf(got, "content-type"), ["application/json"]);
  assert.deepEqual(valuesOf(got, "user-agent"), ["shop/1.0"]);
  assert.deepEqual(valuesOf(got, "x-tenant"), ["t1"]);
  assert.doesNotMatch(got.command, /#/);
});

test("hostile bodies arrive byte for byte, and nothing else happens", async () => {
  for (const text of [...HOSTILE, "a\nb\r\nc\td", "'\n'", "\u0001\u001b[2J\u007f", "\u202e\u200b\u2028\ufeff", "\n\n", "@", HOSTILE.join("\n")]) {
    const got = await sent({ method: "PUT", request_body: text, request_headers: '{"content-type":"text/plain"}' });
    assert.equal(got.body, text, JSON.stringify(text));
    assert.deepEqual(valuesOf(got, "content-type"), ["text/plain"]);
  }
});

test("hostile headers arrive as they were", async () => {
  for (const text of HOSTILE) {
    const got = await sent({ request_headers: JSON.stringify({ "x-hostile": text, cookie: `a=${text}` }) });
    assert.deepEqual(valuesOf(got, "x-hostile"), [text]);
    assert.deepEqual(valuesOf(got, "cookie"), [`a=${text}`]);
  }
});

test("hostile targets arrive as they were, what no target can hold in escapes", async () => {
  for (const text of HOSTILE) {
    const got = await sent({ path: `/a/${text}`, query_string: `q=${text}` });
    assert.equal(decodeURIComponent(got.url.replaceAll("%00", "")), `/a/${text}?q=${text}`.replaceAll("%00", ""), text);
    assert.equal(got.method, "GET");
  }
  assert.equal((await sent({ path: "/a/../../b/./c/%2e%2e/d", query_string: "x=/../" })).url, "/a/../../b/./c/%2e%2e/d?x=/../");
  const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).filter((each) => !"#?".includes(each)).join("");
  assert.equal((await sent({ path: `/${printable}` })).url, `/${printable}`);
});

test("hostile methods, hosts and names of headers reach neither the shell nor curl's options", async () => {
  for (const text of [...HOSTILE, "a\nb", "-X", "file"]) {
    const command = curlCommand(entry({ method: text, host_header: text, scheme: text, request_headers: JSON.stringify({ [text]: "x", [`${text}:`]: "y" }) }));
    const words = (await run("bash", ["-c", `curl() { printf '%s\\0' "$@"; }\n${command}`], { cwd: folder })).stdout.split("\0");
    const url = new URL(words[words.indexOf("--url") + 1]);
    assert.ok(["http:", "https:"].includes(url.protocol) && (url.hostname === "localhost" || url.hostname === text.toLowerCase()), url.href);
    for (const name of words.filter((_, i) => words[i - 1] === "--header")) assert.match(name, /^[^@:\s]+: /);
    assert.deepEqual(readdirSync(folder), ["secret"]);
  }
});

test("headers that belong to the connection or that curl makes are left out", async () => {
  const got = await sent({ method: "POST", request_body: "x=1", request_headers: JSON.stringify({ host: "elsewhere.invalid", "content-length": "999",
    "transfer-encoding": "chunked", connection: "keep-alive, X-Hop", "x-hop": "1", te: "trailers", upgrade: "h2c", ":authority": "x", accept: "*/*", "accept-encoding": "gzip" }) });
  assert.equal(got.body, "x=1");
  assert.deepEqual(valuesOf(got, "host"), [`127.0.0.1:${server.address().port}`]);
  assert.deepEqual(valuesOf(got, "content-length"), ["3"]);
  assert.deepEqual(valuesOf(got, "accept-encoding"), ["gzip"]);
  for (const name of ["x-hop", "te", "upgrade", "transfer-encoding"]) assert.deepEqual(valuesOf(got, name), [], name);
});

test("an empty header is sent empty, several of a name are sent apart, and a body without type has none", async () => {
  const got = await sent({ method: "POST", request_body: "{}", request_headers: JSON.stringify({ "x-empty": "", "x-many": ["1", "2"] }) });
  assert.deepEqual(valuesOf(got, "x-empty"), [""]);
  assert.deepEqual(valuesOf(got, "x-many"), ["1", "2"]);
  assert.deepEqual(valuesOf(got, "content-type"), []);
});

test("a header that no request can hold is left out, and the command says so", async () => {
  const got = await sent({ request_headers: JSON.stringify({ "x-a": "1\r\nx-injected: 1", "@secret": "x", "x b": "y", good: "1" }) });
  assert.deepEqual(valuesOf(got, "x-injected"), []);
  assert.deepEqual(valuesOf(got, "good"), ["1"]);
  assert.match(got.command, /^# Left out: 3 of the headers/m);
});

test("HEAD, OPTIONS * and a body with GET are sent as such", async () => {
  assert.equal((await sent({ method: "HEAD", path: "/h" })).method, "HEAD");
  const options = await sent({ method: "OPTIONS", path: "*" });
  assert.deepEqual([options.method, options.url], ["OPTIONS", "*"]);
  const get = await sent({ path: "/search", request_body: '{"q":1}', request_headers: '{"content-type":"application/json"}' });
  assert.deepEqual([get.method, get.body], ["GET", '{"q":1}']);
});

test("masked values are left in place, and the command says so", async () => {
  const got = await sent({ method: "POST", path: "/login", query_string: "token=***", request_headers: '{"authorization":"Bearer ***"}', request_body: '{"password":"***"}' });
  assert.equal(got.url, "/login?token=***");
  assert.deepEqual(valuesOf(got, "authorization"), ["Bearer ***"]);
  assert.equal(got.body, '{"password":"***"}');
  assert.match(got.command, /^# Masked values/m);
});

test("a body that is not whole text is left out, and the command says why", async () => {
  for (const [fields, reason] of [
    [{ request_body: '{"a":1...[truncated]' }, /in part/], [{ request_body: "[binary image/png 5 bytes]" }, /binary/],
    [{ request_body: "", request_body_size: 12 }, /not recorded/], [{ request_body: "name: a", content_type: "multipart/form-data; boundary=x" }, /multipart/],
    [{ request_body: "a\0b" }, /byte 0/]]) {
    const got = await sent({ method: "POST", ...fields });
    assert.equal(got.body, "");
    assert.match(got.command.split("\n")[0], reason);
  }
});

test("a body that had another charset is sent as what it is now", async () => {
  const got = await sent({ method: "POST", request_body: "猫", request_headers: '{"content-type":"text/plain; charset=GBK"}' });
  assert.deepEqual(valuesOf(got, "content-type"), ["text/plain; charset=utf-8"]);
});

test("the comments hold nothing that a shell would act upon", () => {
  const command = curlCommand(entry({ method: "a b", host_header: "$(x)", path: "/`x`...[truncated]", request_headers: '{"a b":"1","...":"...[truncated]"}', request_body: "***...[truncated]" }));
  const notes = command.split("\n").filter((line) => line.startsWith("# "));
  assert.ok(notes.length >= 5, command);
  for (const note of notes) assert.match(note, /^# [A-Za-z0-9 .,:]+$/);
  assert.ok(!existsSync(join(folder, "x")));
});
