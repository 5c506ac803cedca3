import { Artifacts } from "../engine/artifacts.js";
import { ready } from "../engine/ready.js";
import type { ArtifactSource } from "../source/source.js";
import type { Arguments } from "./arguments.js";
import { NETWORK, NETWORK_HELP, networkOptions, openNetwork } from "./network.js";
import { givenTrustRoot, openSources } from "./sources.js";

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
  const trustRoot = await givenTrustRoot(values["trust-root"]);
  const network = await openNetwork(networkOptions(values), []);
  return { artifacts, sources: await openSources(values.artifacts ?? [], trustRoot, network, artifacts) };
}
