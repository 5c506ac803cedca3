/** A repository as registries are asked for it. */
export interface WireName {
  /** Host and port of the registry's API. */
  host: string;
  /** Repository path on the wire. */
  path: string;
}

/**
 * Where a repository is asked for: `docker.io` answers at `registry-1.docker.io`, and its single-component repositories
 * are below `library/`. Both happen here alone; everything else keeps the name as written.
 */
export function wireName(registry: string, repository: string): WireName {
  if (registry === "docker.io" || registry === "index.docker.io" || registry === "") {
    const path = repository.includes("/") ? repository : `library/${repository}`;
    return { host: "registry-1.docker.io", path };
  }
  return { host: registry, path: repository };
}

/** Is the host this machine? */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return name === "localhost" || name === "[::1]" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}
