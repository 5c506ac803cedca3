import type { Artifacts } from "../engine/artifacts.js";
import { openArtifacts } from "../source/files-node.js";
import { OfflineSource, type ArtifactSource } from "../source/source.js";
import { TrustRootSource } from "../source/trust-root.js";
import { readText } from "./files.js";
import type { Network } from "./network.js";

/** Where artifacts come from: the files, the trust root, then the network. */
export async function openSources(paths: string[], trustRoot: TrustRootSource, network: Network, artifacts: Artifacts): Promise<ArtifactSource[]> {
  const sources: ArtifactSource[] = [];
  for (const path of paths) {
    const source = await openArtifacts(path, artifacts);
    if (source !== undefined) sources.push(source);
  }
  // Kubernetes objects that no file holds have no other source, and offline nothing else has.
  return [...sources, trustRoot, ...network.sources, new OfflineSource()];
}

/** The trust root of a file, or the one that comes with the package. */
export async function givenTrustRoot(path: string | undefined): Promise<TrustRootSource> {
  return path === undefined ? new TrustRootSource() : new TrustRootSource(await readText(path), path);
}
