import type { EvidenceDocument } from "../../engine/documents.js";
import { VidimusError } from "../../engine/error.js";
import { replay, type ReplayOptions, type ReplayedDocument } from "../../evidence/replay.js";
import { verdictOf } from "../../evidence/record.js";
import { parseArguments, oneOf } from "../arguments.js";
import { keepTexts } from "../diagnostics.js";
import { printJson, withDiagnostics } from "../documents.js";
import { readEvidence } from "../evidence-files.js";
import { Exit } from "../exit.js";
import { readText } from "../files.js";
import { PROVES, ageInSeconds, report } from "./text.js";

export const HELP = `usage: vidimus replay FILE... [OPTIONS]

Verifies evidence again, offline, with the policies, questions and trust root that it records, and compares the verdicts.
Evidence proves what was there; it proves neither that nothing else was, nor that it is so still. It brings its own policies
and trust root: that they are the right ones is for you to check.

options:
      --now TIME                 evaluate as of this time, such as 2026-01-31T12:00:00Z
      --valid-until              search the first time at which each verdict changes, and why
      --trust-root FILE          Sigstore TrustedRoot (JSON) in place of the recorded one
      --compat default|exact     exact: Kyverno to the letter, where it accepts what nobody signed too
      --explain                  print the reasoning as a tree
  -o, --output table|json        json: a list with one report for each file
  -h, --help                     this text

exit codes: 0 every verdict is as recorded; 1 one differs, or a blob was altered; 2 the call or a file is wrong

examples:
  vidimus replay evidence.json
  vidimus replay evidence/*.json -o json
  vidimus replay evidence.json --now 2027-01-01T00:00:00Z
  vidimus replay evidence.json --valid-until
`;

export const SPECIFICATION = {
  now: { type: "string" },
  "valid-until": { type: "boolean" },
  "trust-root": { type: "string" },
  compat: { type: "string" },
  explain: { type: "boolean" },
  output: { type: "string", short: "o" },
} as const;

/** A file, replayed. */
export interface ReplayedFile extends ReplayedDocument {
  file: string;
}

/** Replays files, and prints what came of it. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals: files } = parseArguments("replay", args, SPECIFICATION);
  const output = oneOf("output", values.output ?? "table", ["table", "json"] as const);
  return withDiagnostics(output, async () => {
    if (files.length === 0) throw new VidimusError("bad-call", "no evidence given: vidimus replay FILE");
    const options = await replayOptions(values);
    const replayed: ReplayedFile[] = [];
    for (const [file, document] of await readAll(files)) {
      keepTexts([...(document.policies ?? []), ...(document.exceptions ?? [])]);
      replayed.push({ file, ...(await replay(document, file, options)) });
    }
    const reference = options.now ?? new Date().toISOString();
    if (output === "json") printJson(replayed.map((file) => asDocument(file, reference)));
    else process.stdout.write(replayed.map((file) => report(file, reference, values.explain ?? false)).join("\n"));
    return replayed.every(isSame) ? Exit.Admitted : Exit.Denied;
  });
}

async function replayOptions(values: ReturnType<typeof parseArguments<typeof SPECIFICATION>>["values"]): Promise<ReplayOptions> {
  const { now, compat, explain } = values;
  if (now !== undefined && Number.isNaN(Date.parse(now))) {
    throw new VidimusError("bad-call", `--now: expected a time such as 2026-01-31T12:00:00Z, found \`${now}\``);
  }
  const trustRoot = values["trust-root"] === undefined ? undefined : await readTrustRoot(values["trust-root"]);
  return {
    ...(now === undefined ? {} : { now }),
    ...(compat === undefined ? {} : { compat: oneOf("compat", compat, ["default", "exact"] as const) }),
    ...(trustRoot === undefined ? {} : { trustRoot }),
    trace: explain === true ? "full" : "none",
    validUntil: values["valid-until"] ?? false,
  };
}

async function readTrustRoot(path: string): Promise<object> {
  try {
    return JSON.parse(await readText(path)) as object;
  } catch (error) {
    if (error instanceof VidimusError) throw error;
    throw new VidimusError("bad-call", `--trust-root ${path}: expected a Sigstore TrustedRoot as JSON`);
  }
}

async function readAll(files: string[]): Promise<[string, EvidenceDocument][]> {
  const read: [string, EvidenceDocument][] = [];
  for (const file of files) read.push([file, await readEvidence(file)]);
  return read;
}

function isSame({ replays, corrupt }: ReplayedDocument): boolean {
  return corrupt.length === 0 && replays.every(({ same }) => same);
}

function asDocument(replayed: ReplayedFile, reference: string) {
  const { file, capturedAt, corrupt, replays } = replayed;
  return {
    file,
    capturedAt,
    ageSeconds: ageInSeconds(capturedAt, reference),
    proves: PROVES,
    same: isSame(replayed),
    corrupt,
    replays: replays.map(({ answer, ...rest }) => ({ ...rest, verdict: verdictOf(answer) })),
  };
}
