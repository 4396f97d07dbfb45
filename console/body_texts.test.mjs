// How bodies are recognised and read: kinds, forms, multipart summaries, XML.

import assert from "node:assert/strict";
import { test } from "node:test";
import { binaryNotice, bodyKind } from "./body_kind.js";
import { formatBytes, formatMicroseconds, formatUtc } from "./format.js";
import { formPairs } from "./form_pairs.js";
import { multipartParts } from "./multipart_parts.js";
import { indentXml } from "./xml_indent.js";

test("a body is what its type says, or how it begins", () => {
  const kinds = [["", "text/plain", "empty"], ["[binary image/png 5 bytes]", "", "binary"], ["a=1", "application/x-www-form-urlencoded; charset=utf-8", "form"],
    ["x", "application/problem+json", "json"], ['{"a":1}', "text/plain", "json"], [" [1]", "", "json"], ["{} body", "text/css", "text"], ["{a}", "text/event-stream", "text"],
    ["<a/>", "application/atom+xml", "xml"], ['<?xml version="1.0"?>', "", "xml"], ["<p>", "text/html", "text"], ['[part name="a" size=1] "x"', "", "multipart"],
    ["--b", "multipart/form-data; boundary=b", "multipart"], ["[1]\n[2]", "application/x-ndjson", "json"], ["hello", undefined, "text"]];
  for (const [text, type, kind] of kinds) assert.equal(bodyKind(text, type), kind, `${type} ${text}`);
  assert.deepEqual(binaryNotice("[binary image/png 5 bytes]"), { type: "image/png", bytes: 5 });
  assert.equal(binaryNotice("[binary image/png 5 bytes] and more"), null);
});

test("pairs of a form are decoded, and what is no escape stays", () => {
  assert.deepEqual(formPairs("a=1&b=x+y%20z&c&=v&d=%C3%A9%zz%&e=%ff&&f=g=h"),
    [["a", "1"], ["b", "x y z"], ["c", null], ["", "v"], ["d", "é%zz%"], ["e", "\ufffd"], ["f", "g=h"]]);
});

test("the summary of a multipart form is read line by line, also where it was cut", () => {
  assert.deepEqual(multipartParts('[part name="user" size=3] "b\\"b"\n[part name="f" filename="me].png" type=image/png size=20480+]\n[part name="note" size=9] "lin'), [
    { name: "user", file: "", type: "", size: 3, isWhole: true, text: 'b"b' },
    { name: "f", file: "me].png", type: "image/png", size: 20480, isWhole: false, text: "" },
    { name: "note", file: "", type: "", size: 9, isWhole: true, text: "lin" }]);
  assert.equal(multipartParts("--boundary\r\nContent-Disposition: form-data"), null);
});

test("XML has an element a line, whether or not it is whole", () => {
  assert.equal(indentXml('<?xml version="1.0"?><a><b c="1">text</b><d/><!-- x > y --><e><f>1</f></e></a>'),
    '<?xml version="1.0"?>\n<a>\n  <b c="1">text</b>\n  <d/>\n  <!-- x > y -->\n  <e>\n    <f>1</f>\n  </e>\n</a>');
  assert.equal(indentXml("<a><b>tex"), "<a>\n  <b>tex");
  assert.equal(indentXml("</a></b>x<"), "</a>\n</b>\nx\n<");
  assert.equal(indentXml("<a><![CDATA[<b>]]></a>"), "<a>\n  <![CDATA[<b>]]>\n</a>");
});

test("deep XML grows by no more than its indentation, which is bounded", () => {
  for (const text of ["<a>".repeat(20_000), "<!--".repeat(15_000), "<".repeat(60_000), "<![CDATA[".repeat(7000), "<a></a>".repeat(8000)]) {
    assert.ok(indentXml(text).length < text.length * 20, text.slice(0, 12));
  }
});

test("sizes, times and moments read well", () => {
  assert.deepEqual([0, 1, 1023, 1536, 65_536, 5_000_000].map(formatBytes), ["0 bytes", "1 byte", "1023 bytes", "1.5 KB", "64 KB", "4.8 MB"]);
  assert.deepEqual([7, 12_400, 1_251_400].map(formatMicroseconds), ["7 µs", "12.4 ms", "1.25 s"]);
  assert.equal(formatUtc("2026-03-05T11:00:00.123456Z"), "2026-03-05 11:00:00.123456 UTC");
  assert.equal(formatUtc("2026-03-05T11:00:00+02:00"), "2026-03-05 09:00:00.000 UTC");
  assert.equal(formatUtc("soon"), "soon");
});
