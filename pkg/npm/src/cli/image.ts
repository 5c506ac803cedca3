import { Artifacts } from "../engine/artifacts.js";
import { ready } from "../engine/ready.js";
import { openArtifacts } from "../source/files-node.js";
import { OfflineSource, type ArtifactSource } from "../source/source.js";
import { TrustRootSource } from "../source/trust-root.js";
import type { Arguments } from "./arguments.js";
import { readText } from "./files.js";
import { NETWORK, NETWORK_HELP, networkOptions, openNetwork } from "./network.js";

/** Options of commands that are about images alone. */
export const IMAGE = {
  ...NETWORK,
  artifacts: { type: "string", multiple: true },
  "trust-root": { type: "string" },
} as const;

/** The lines of help of {@link IMAGE}. */
export const IMAGE_HELP = `      --artifacts PATH           evidence file, OCI image layout (folder or .tar) or layout root; repeatable
      --trust-root FILE          Sigstore TrustedRoot (JSON) in place of the public-good instance's
${NETWORK_HELP}`;

/** Opens what the options name. */
export async function openImage(values: Arguments<typeof IMAGE>["values"]): Promise<{ artifacts: Artifacts; sources: ArtifactSource[] }> {
  await ready();
  const artifacts = new Artifacts();
  const given: ArtifactSource[] = [];
  for (const path of values.artifacts ?? []) {
    const source = await openArtifacts(path, artifacts);
    if (source !== undefined) given.push(source);
  }
  const path = values["trust-root"];
  const trustRoot = path === undefined ? new TrustRootSource() : new TrustRootSource(await readText(path), path);
  const network = await openNetwork(networkOptions(values), []);
  return { artifacts, sources: [...given, trustRoot, ...network.sources, new OfflineSource()] };
}
