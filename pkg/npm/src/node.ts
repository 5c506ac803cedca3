// What the package offers in Node, beside what it offers everywhere.

export * from "./index.js";
export { dockerCredentials } from "./registry/docker-config.js";
export { folderFiles, openArtifacts } from "./source/files-node.js";
export { folderCache } from "./source/cache-node.js";
export { KubernetesSource, type ClusterOptions } from "./source/kubernetes-node.js";
