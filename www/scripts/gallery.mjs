// Writes the examples of the page from the samples in `policies/`: one file each, with its evidence.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes `index.json` and `ID.json` of each example into `folder`. */
export function writeGallery(root, folder) {
  const read = (path) => readFileSync(join(root, path), "utf8");
  const examples = JSON.parse(read("policies/gallery.json"));
  mkdirSync(folder, { recursive: true });
  for (const { id, policy, resource, exceptions, evidence, now } of examples) {
    const example = {
      policy: read(policy),
      resource: read(resource),
      ...(exceptions && { exceptions: read(exceptions) }),
      ...(evidence && { evidence: JSON.parse(read(evidence)) }),
      ...(now && { now }),
    };
    writeFileSync(join(folder, `${id}.json`), JSON.stringify(example));
  }
  const index = examples.map(({ id, title, text, topic }) => ({ id, title, text, topic }));
  writeFileSync(join(folder, "index.json"), JSON.stringify(index));
  return index;
}
