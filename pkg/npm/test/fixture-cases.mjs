// The cases of the conformance data, asked of a registry and of the layouts that it was filled from.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Artifacts, LayoutSource, OfflineSource, PolicySet, RegistrySource, VidimusError, capture, folderFiles, parseObjects, replay, rootFolder, settle } from "../dist/node.js";
import { pushLayout, repositoriesIn } from "./push-layouts.mjs";

const shared = join(fileURLToPath(new URL("../../../", import.meta.url)), "..", "shared", "fixtures");
const images = join(shared, "images");
/** The registry that the cases name. */
const NAMED = "localhost:5000";

/** Whether the data is beside this checkout. */
export const hasFixtures = existsSync(shared);

/** The names of all cases. */
export const caseNames = () => readdirSync(join(shared, "cases")).sort();

/** Fills a registry with every image; what it refused. */
export async function pushFixtures(host, options) {
  const folder = join(images, NAMED.replace(/:(\d+)$/, "_$1_"));
  const refused = [];
  for (const repository of repositoriesIn(folder)) {
    const authorization = await options.authorize?.(repository);
    refused.push(...(await pushLayout(host, repository, join(folder, repository), { ...options, authorization })));
  }
  return refused;
}

/** `fetch` that finds the registry which the cases name at `host`. */
const at = (host) => (url, init) => {
  const moved = new URL(url);
  if (moved.host === NAMED) moved.host = host;
  return fetch(moved, init);
};

/** Compares what a registry leads to with what the layouts lead to; the cases that differ, and the number of requests. */
export async function compareCases(names, host, credentials) {
  const different = [];
  let requests = 0;
  for (const name of names) {
    const layout = () => [new LayoutSource("images", folderFiles(images), rootFolder), new OfflineSource()];
    const expected = await ask(name, layout());
    const registry = new RegistrySource({ fetch: at(host), ...(credentials && { credentials }), backoff: 1 });
    const found = await ask(name, [registry, new OfflineSource()]);
    requests += registry.log.length;
    if (found !== expected) different.push({ name, expected, found });
  }
  return { different, requests };
}

/** Captures from a registry and verifies again offline; the cases whose verdict is not the recorded one. */
export async function replayCases(names, host, credentials) {
  const different = [];
  for (const name of names) {
    const question = await open(name);
    if (question === undefined) continue;
    const { set, policies, exceptions, request } = question;
    const sources = [new RegistrySource({ fetch: at(host), ...(credentials && { credentials }), backoff: 1 }), new OfflineSource()];
    const { document, answers } = await capture({ set, policies, exceptions, requests: [request], artifacts: new Artifacts(), sources });
    const { replays } = await replay(JSON.parse(JSON.stringify(document)), name);
    if (!replays[0].same || verdict(replays[0].answer) !== verdict(answers[0])) different.push(name);
    set.free();
  }
  return different;
}

async function ask(name, sources) {
  const question = await open(name);
  if (question === undefined) return "the policy is refused";
  const artifacts = new Artifacts();
  const answer = await settle(question.set, question.request, artifacts, sources);
  question.set.free();
  artifacts.free();
  return verdict(answer);
}

/** A case as a question; undefined: its policy is refused. */
async function open(name) {
  const read = (file) => (existsSync(join(shared, "cases", name, file)) ? readFileSync(join(shared, "cases", name, file), "utf8") : undefined);
  const named = (file) => (read(file) === undefined ? [] : [{ name: file, text: read(file) }]);
  const [policies, exceptions] = [named("policy.yaml"), named("exceptions.yaml")];
  const { now, trust } = JSON.parse(read("case.json"));
  const trustRoot = JSON.parse(readFileSync(join(shared, trust === undefined ? "trust" : `trust-${trust}`, "trusted_root.json"), "utf8"));
  try {
    const set = await PolicySet.load(policies, exceptions);
    const [resource] = await parseObjects(read("resource.yaml"));
    return { set, policies, exceptions, request: { resource, options: { now, trustRoot } } };
  } catch (error) {
    if (error instanceof VidimusError) return undefined;
    throw error;
  }
}

/** Each result, and what each image resolved to, as text. */
function verdict({ results, images: found, admission }) {
  const rows = results.map(({ policy, rule, status, code }) => `${policy}/${rule} ${status} ${code}`);
  const resolved = found.map(({ image, digest }) => `${image} ${digest}`);
  return [...rows.sort(), ...resolved, admission.allowed].join("\n");
}
