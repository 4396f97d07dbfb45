import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonTree } from "./json_tree.js";

/** The tree as a value again; of one that is not whole the end is marked by "…". */
function back(node) {
  if (node === null) return "…";
  if (node.kind === "object") return Object.fromEntries([...node.children.map(({ key, value }) => [key, back(value)]), ...(node.isWhole ? [] : [["…", "…"]])]);
  if (node.kind === "array") return [...node.children.map(({ value }) => back(value)), ...(node.isWhole ? [] : ["…"])];
  if (node.kind === "number") return Number(node.text);
  if (node.kind === "word") return node.isWhole ? JSON.parse(node.text) : `${node.text}…`;
  return node.isWhole ? node.text : `${node.text}…`;
}

const read = (text) => jsonTree(text).values.map(back);

const DOCUMENTS = [{}, [], { a: 1 }, [1, -2.5, 1e9, true, false, null, "x"], { a: { b: [{ c: [] }, {}] }, "é\n\"\\": "\u2028" }, "text", 7, null];

test("JSON reads as JSON.parse reads it", () => {
  for (const value of DOCUMENTS) {
    for (const space of [0, 2]) {
      const text = JSON.stringify(value, null, space);
      assert.deepEqual(read(text), [value], text);
      assert.equal(jsonTree(text).isWhole, true, text);
    }
  }
});

test("cut at any place, everything before it is there, and the end is marked", () => {
  const text = JSON.stringify({ id: 12, tags: ["a", { deep: null }], name: "x\\\"y", last: true });
  for (let length = 1; length < text.length; ++length) {
    const tree = jsonTree(text.slice(0, length));
    assert.equal(tree.isWhole, false, text.slice(0, length));
    assert.equal(tree.rest, "", text.slice(0, length));
  }
  assert.deepEqual(read('{"a":{"b":"xy'), [{ a: { b: "xy…", "…": "…" }, "…": "…" }]);
  assert.deepEqual(read('{"a":[1,2'), [{ a: [1, 2, "…"], "…": "…" }]);
  assert.deepEqual(read('{"a"'), [{ a: "…", "…": "…" }]);
});

test("what cannot be read is handed back as it is", () => {
  assert.equal(jsonTree('{"a":1} trailing').rest, "trailing");
  assert.equal(jsonTree("{'a':1}").rest, "'a':1}");
  assert.equal(jsonTree('{"a":1 /* why */}').rest, "/* why */}");
  assert.equal(jsonTree("hello").rest, "hello");
  assert.deepEqual(read('[1,2,]'), [[1, 2]]);
  assert.equal(jsonTree("[1,,2]").rest, ",2]");
  assert.equal(jsonTree("[1 2]").rest, "2]");
});

test("values that follow one another are all read", () => {
  assert.deepEqual(read('{"n":1}\n{"n":2}\n\n[3]'), [{ n: 1 }, { n: 2 }, [3]]);
  assert.deepEqual(read('\u001e{"n":1}\n\u001e{"n":2}\n'), [{ n: 1 }, { n: 2 }]);
});

test("long numbers stay as written, and names that come twice stay twice", () => {
  const [node] = jsonTree('{"a":12345678901234567890.10,"a":1e+5}').values;
  assert.deepEqual(node.children.map(({ key, value }) => [key, value.text]), [["a", "12345678901234567890.10"], ["a", "1e+5"]]);
});

test("a name of the language is a name like any other", () => {
  const [node] = jsonTree('{"__proto__":{"x":1},"constructor":2}').values;
  assert.deepEqual(node.children.map(({ key }) => key), ["__proto__", "constructor"]);
});

test("hostile texts are read in one pass, however deep", () => {
  const size = 65_536;
  for (const text of ["[".repeat(size), '{"a":'.repeat(size / 5), `"${"\\".repeat(size)}`, `["${'\\"'.repeat(size / 2)}`, "1".repeat(size),
    "[1,".repeat(size / 3), `[${'"x",'.repeat(size / 4)}`, "e".repeat(size)]) {
    assert.equal(jsonTree(text).isWhole, /^1/.test(text), text.slice(0, 8));
  }
  let [node] = jsonTree("[".repeat(size)).values;
  let depth = 0;
  for (; node; node = node.children[0]?.value) ++depth;
  assert.equal(depth, size);
});
