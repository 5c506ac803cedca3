// A project that has the packed package installed, as `npm install vidimus` leaves it. Nothing is fetched.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../../../", import.meta.url));
export const npmFolder = join(repository, "pkg/npm");
const sample = join(repository, "policies/require-signed-image");

/** Runs a program; throws what it wrote where it fails. */
export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} in ${options.cwd}: ${error ?? status}\n${stdout}${stderr}`);
  return stdout;
}

/** A file of npm itself, which may warn on standard error about the settings of the machine. */
const npm = (args, cwd) => run("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd });

/** What `npm pack` makes of a folder: the path of the tarball and the files in it. */
export function pack(folder, destination) {
  const [{ filename, files }] = JSON.parse(npm(["pack", folder, "--json", "--ignore-scripts", "--pack-destination", destination], destination));
  return { tarball: join(destination, filename), files: files.map(({ path }) => path) };
}

/** A new project with the packages of these tarballs. `npm install` finds all that the package needs among them. */
export function project(tarballs) {
  const folder = mkdtempSync(join(tmpdir(), "vidimus-project-"));
  writeFileSync(join(folder, "package.json"), '{ "name": "consumer", "private": true }\n');
  npm(["install", "--offline", "--omit=optional", "--omit=peer", "--ignore-scripts", ...tarballs], folder);
  for (const name of ["require-signed-image.yaml", "evidence.json", "resources/signed.yaml", "resources/tampered.yaml"]) {
    mkdirSync(dirname(join(folder, "sample", name)), { recursive: true });
    cpSync(join(sample, name), join(folder, "sample", name));
  }
  return folder;
}

/** Makes a package of this folder known in the project, for the compiler and its types. */
export function link(folder, name) {
  mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
  symlinkSync(join(npmFolder, "node_modules", name), join(folder, "node_modules", name), "dir");
}

/** Code that evaluates the sample with what `library` names, and puts the verdicts in `verdicts`. */
export const EVALUATE = `
  const verdicts = [];
  for (const text of resources) {
    const [resource] = await library.parseObjects(text);
    const answer = await library.evaluate(policy, resource, JSON.parse(evidence));
    verdicts.push(answer.status + " " + answer.admission.allowed);
  }
`;

/** What {@link EVALUATE} finds. */
export const VERDICTS = ["complete true", "complete false"];

/** The sample as the source text of constants, for runtimes that read no files. */
export function sampleConstants() {
  const text = (name) => readFileSync(join(sample, name), "utf8");
  const constants = {
    policy: text("require-signed-image.yaml"),
    evidence: text("evidence.json"),
    resources: [text("resources/signed.yaml"), text("resources/tampered.yaml")],
  };
  return Object.entries(constants).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`).join("");
}
