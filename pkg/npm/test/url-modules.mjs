// Modules as browsers and Deno load them: by URL over HTTP, and nothing else. `node --import` of this file.

import { register } from "node:module";

if (import.meta.url.endsWith(".mjs")) register(`${import.meta.url}?hooks`);

/** Refuses names of packages, modules of Node and files. */
export function resolve(specifier, { parentURL }) {
  const from = parentURL?.startsWith("http:") ? parentURL : undefined;
  const isRelative = /^(\/|\.\.?\/)/.test(specifier);
  if (isRelative && from === undefined) throw new Error(`${specifier}: asked by ${parentURL}, which is no URL of a server`);
  const url = isRelative ? new URL(specifier, from).href : specifier;
  if (!url.startsWith("http:")) throw new Error(`\`${specifier}\` is no URL`);
  return { url, shortCircuit: true };
}

/** Modules must be served as scripts, as browsers want it. */
export async function load(url) {
  const response = await fetch(url);
  const type = response.headers.get("content-type") ?? "";
  if (!response.ok || !type.includes("javascript")) throw new Error(`${url}: ${response.status} ${type}`);
  return { format: "module", source: await response.text(), shortCircuit: true };
}
