import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { canBeArgument, shellQuote } from "./shell_quote.js";

const HOSTILE = ["", "plain", "it's", "'", "''", "\\", "\\'", "a\\'b", "$(touch x)", "`touch x`", "${HOME}", "$HOME", "~", "*", "!!", "!'\n",
  "a\nb", "\r\n", "\t", "\u0001\u001b[31m\u007f", "\u00851", "\u0001f", "\u202egnp.exe", "\ufeff\u200b0", "\u2028f", "é 猫 🐈", "--help", "-o/tmp/x",
  "@/etc/passwd", "a b", "\"", "%s", "# no comment", "&|;<>()", "x'\n'y\\", "{a,b}", "\\x41\\n\n", "$'\\n'"];

/** What a program gets that bash starts with this text as an argument. */
const argument = (text) => execFileSync("bash", ["-c", `printf '%s|' ${shellQuote(text)}`], { encoding: "utf8" }).slice(0, -1);

test("a program gets exactly the text, whatever it holds", () => {
  for (const text of HOSTILE) assert.equal(argument(text), text, JSON.stringify(text));
});

test("the same in a shell whose locale knows no UTF-8", () => {
  for (const text of HOSTILE) {
    const got = execFileSync("bash", ["-c", `printf '%s|' ${shellQuote(text)}`], { env: { ...process.env, LC_ALL: "C" }, encoding: "utf8" });
    assert.equal(got.slice(0, -1), text, JSON.stringify(text));
  }
});

test("every character below U+0300 but 0 arrives", () => {
  const text = Array.from({ length: 0x2ff }, (_, i) => String.fromCodePoint(i + 1)).join("");
  assert.equal(argument(text), text);
});

test("what is pasted holds no character that a terminal acts upon or hides", () => {
  for (const text of HOSTILE) assert.doesNotMatch(shellQuote(text), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, JSON.stringify(text));
});

test("an interactive shell finds no event of its history in it", () => {
  const typed = `set -H; history -s secret\nprintf '%s|' ${shellQuote("!!\n'!secret")} ${shellQuote("a!b")}\n`;
  const got = execFileSync("bash", ["--norc", "-i"], { input: typed, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
  assert.equal(got, "!!\n'!secret|a!b|");
  assert.doesNotMatch(shellQuote("'!secret\n"), /!/);
});

test("a text with U+0000 can be no argument", () => {
  assert.equal(canBeArgument("a\0b"), false);
  assert.equal(canBeArgument("ab"), true);
});
