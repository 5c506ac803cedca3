import { VidimusError } from "../../engine/error.js";
import { areJudgedAlike, mergeEvidence } from "../../evidence/merge.js";
import { parseArguments } from "../arguments.js";
import { contentsOf, readEvidence, writeEvidence, writeLayout } from "../evidence-files.js";
import { Exit } from "../exit.js";
import { importLayout } from "./import.js";

export const HELP = `usage: vidimus evidence export FILE --layout DIR
       vidimus evidence import LAYOUT -o FILE
       vidimus evidence merge FILE... -o FILE

export writes the artifacts of an evidence file as OCI image layouts, one for each repository.
import reads a layout root, or one layout (folder or .tar) as REPOSITORY=LAYOUT, and writes an evidence file of its
manifests, signatures and attestations; the layers of images are left out.
merge writes one file of several. Files that contradict each other are refused. Verdicts are kept where all files have the
same policies, exceptions and trust root; it says where they are not.

options:
      --layout DIR               a new or empty folder
  -o, --output FILE              - for standard output
  -h, --help                     this text

examples:
  vidimus evidence export evidence.json --layout images/
  vidimus evidence import images/ -o evidence.json
  vidimus evidence merge monday.json tuesday.json -o week.json
`;

export const SPECIFICATION = {
  layout: { type: "string" },
  output: { type: "string", short: "o" },
} as const;

/** Turns evidence into layouts and back, and several files into one. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArguments("evidence", args, SPECIFICATION);
  const [action, ...paths] = positionals;
  switch (action) {
    case "export":
      return exportLayout(only(paths, "one evidence file"), given("--layout DIR", values.layout));
    case "import":
      return importEvidence(only(paths, "one layout"), given("-o FILE", values.output));
    case "merge":
      return merge(paths, given("-o FILE", values.output));
    default:
      throw new VidimusError("bad-call", `expected export, import or merge, found \`${action ?? ""}\`: try vidimus evidence --help`);
  }
}

async function exportLayout(file: string, folder: string): Promise<number> {
  const document = await readEvidence(file);
  await writeLayout(folder, document);
  return wrote(folder, contentsOf(document));
}

async function importEvidence(path: string, output: string): Promise<number> {
  const document = await importLayout(path);
  await writeEvidence("--output", output, document);
  return wrote(output, contentsOf(document));
}

async function merge(files: string[], output: string): Promise<number> {
  if (files.length < 2) throw new VidimusError("bad-call", "expected two evidence files or more");
  const documents = [];
  for (const name of files) documents.push({ name, document: await readEvidence(name) });
  const merged = mergeEvidence(documents);
  await writeEvidence("--output", output, merged);
  if (!areJudgedAlike(documents)) {
    process.stderr.write("note: artifacts alone: the files do not all hold verdicts by the same policies, exceptions and trust root\n");
  }
  return wrote(output, contentsOf(merged));
}

function wrote(path: string, what: string): number {
  if (path !== "-") process.stdout.write(`wrote ${path}: ${what}\n`);
  return Exit.Admitted;
}

function only(paths: string[], what: string): string {
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0) throw new VidimusError("bad-call", `expected ${what}, found ${paths.length}`);
  return path;
}

function given(option: string, value: string | undefined): string {
  if (value === undefined) throw new VidimusError("bad-call", `nothing to write to: add ${option}`);
  return value;
}
