// What the package offers in Node, beside what it offers everywhere.

export * from "./index.js";
export { dockerCredentials } from "./registry/docker-config.js";
export { folderFiles, openArtifacts } from "./source/files-node.js";
