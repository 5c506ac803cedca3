// JUnit reports, read as strictly as the usual schema wants them.

import assert from "node:assert/strict";

/** Attributes of the elements of the usual schema (Jenkins' junit-10.xsd), as far as they are used. */
const SCHEMA = {
  testsuites: { attributes: ["name", "tests", "failures", "errors"], children: ["testsuite"] },
  testsuite: { attributes: ["name", "tests", "failures", "errors", "skipped"], children: ["testcase"] },
  testcase: { attributes: ["name", "classname"], children: ["failure", "error", "skipped"] },
  failure: { attributes: ["message", "type"], children: [] },
  error: { attributes: ["message", "type"], children: [] },
  skipped: { attributes: ["message"], children: [] },
};

/** Reads XML as strictly as the schema wants it; answers with the elements. */
export function elements(xml) {
  const [declaration, ...rest] = xml.split("\n");
  assert.equal(declaration, '<?xml version="1.0" encoding="UTF-8"?>');
  const open = [];
  const found = [];
  for (const [, tag, text] of rest.join("\n").matchAll(/(<[^>]*>)|([^<]+)/g)) {
    if (text !== undefined) {
      assert.ok(text.trim() === "" || ["failure", "error"].includes(open.at(-1)), text);
      assert.doesNotMatch(text, /&(?!(amp|lt|gt|quot|#\d+);)|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
    } else if (tag.startsWith("</")) {
      assert.equal(tag, `</${open.pop()}>`);
    } else {
      const [, name, attributes, self] = /^<(\w+)((?: \w+="[^"<]*")*)(\/?)>$/.exec(tag) ?? assert.fail(tag);
      if (open.length > 0) assert.ok(SCHEMA[open.at(-1)].children.includes(name), `${name} in ${open.at(-1)}`);
      const values = Object.fromEntries([...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
      assert.deepEqual(Object.keys(values).filter((key) => !SCHEMA[name].attributes.includes(key)), []);
      found.push({ name, values });
      if (self === "") open.push(name);
    }
  }
  assert.deepEqual(open, []);
  return found;
}
