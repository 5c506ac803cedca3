import { readdir, stat } from "node:fs/promises";
import { relative, sep } from "node:path";
import { Artifacts } from "../../engine/artifacts.js";
import type { EvidenceDocument } from "../../engine/documents.js";
import { VidimusError } from "../../engine/error.js";
import { ready } from "../../engine/ready.js";
import { layoutEvidence, type LayoutRepository } from "../../evidence/layout-reader.js";
import { mergeEvidence } from "../../evidence/merge.js";
import { openArtifacts } from "../../source/files-node.js";
import { LayoutSource } from "../../source/layout.js";

/** The evidence that `REPOSITORY=LAYOUT` or a layout root holds. */
export async function importLayout(argument: string): Promise<EvidenceDocument> {
  await ready();
  const unused = new Artifacts();
  const source = await openArtifacts(argument, unused);
  unused.free();
  if (!(source instanceof LayoutSource)) throw new VidimusError("bad-call", `${argument}: expected an OCI image layout or a layout root`);
  const documents = [];
  for (const repository of await repositoriesOf(argument, source)) {
    const name = `${repository.registry}/${repository.repository}`;
    documents.push({ name, document: await layoutEvidence(source, repository) });
  }
  return mergeEvidence(documents);
}

async function repositoriesOf(argument: string, source: LayoutSource): Promise<LayoutRepository[]> {
  const isFolder = await stat(argument).then((info) => info.isDirectory(), () => false);
  const isRoot = isFolder && (await source.index("")) === undefined;
  if (isRoot) return foldersIn(argument);
  const [, registry, repository] = /^([^=/]+)\/([^=]+)=/.exec(argument) ?? [];
  if (registry !== undefined && repository !== undefined) return [{ registry, repository, folder: "" }];
  throw new VidimusError("bad-call", `${argument}: of which repository is this layout? Write REPOSITORY=${argument}`);
}

/** The layouts below a root: `localhost_5000_/team/app` is `localhost:5000/team/app`. */
async function foldersIn(root: string): Promise<LayoutRepository[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const folders = entries.filter(({ name }) => name === "oci-layout").map(({ parentPath }) => relative(root, parentPath).split(sep).join("/"));
  if (folders.length === 0) throw new VidimusError("bad-call", `${root}: no OCI image layout in this folder`);
  return folders.sort().map((folder) => {
    const [host = "", ...path] = folder.split("/");
    return { registry: host.replace(/_(\d+)_$/, ":$1"), repository: path.join("/"), folder };
  });
}
