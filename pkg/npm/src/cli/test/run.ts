import { dirname, join } from "node:path";
import { Artifacts } from "../../engine/artifacts.js";
import { VidimusError, diagnosticsOf } from "../../engine/error.js";
import type { TestSuite } from "../../engine/test-suite.js";
import type { DiagnosticDocument, RowDocument } from "../../engine/types.js";
import { untilComplete } from "../../loop.js";
import { openArtifacts } from "../../source/files-node.js";
import { OfflineSource, type ArtifactSource } from "../../source/source.js";
import { TrustRootSource } from "../../source/trust-root.js";
import { keepTexts } from "../diagnostics.js";
import type { TestReader } from "./files.js";

/** What came of one test. */
export interface TestOutcome {
  /** Path of the test file. */
  test: string;
  /** `metadata.name`. */
  name: string;
  rows: RowDocument[];
  diagnostics: DiagnosticDocument[];
}

/** Runs one test: reads what it names, evaluates, and takes artifacts from where the test says. */
export async function runTest(path: string, suite: TestSuite, reader: TestReader, selector: string): Promise<TestOutcome> {
  const folder = dirname(path);
  addFiles(suite, folder, reader);
  const artifacts = new Artifacts();
  try {
    const sources = await openSources(suite, folder, artifacts);
    const { name, rows, diagnostics } = await untilComplete(() => suite.run(artifacts, selector), artifacts, sources);
    return { test: path, name, rows, diagnostics };
  } catch (error) {
    if (!(error instanceof VidimusError)) throw error;
    return { test: path, name: "", rows: [], diagnostics: diagnosticsOf(error).map((found) => ({ source: path, ...found })) };
  } finally {
    artifacts.free();
  }
}

function addFiles(suite: TestSuite, folder: string, reader: TestReader): void {
  for (let missing = suite.missingPaths(); missing.length > 0; missing = suite.missingPaths()) {
    for (const path of new Set(missing.map((wanted) => wanted.path))) {
      try {
        const files = reader.expand(folder, path);
        keepTexts(files);
        files.forEach(({ name, text }) => suite.addFile(path, name, text));
      } catch (error) {
        suite.addAbsent(path, error instanceof Error ? error.message : String(error));
      }
    }
  }
}

async function openSources(suite: TestSuite, folder: string, artifacts: Artifacts): Promise<ArtifactSource[]> {
  const sources: ArtifactSource[] = [];
  for (const { path } of suite.paths().filter(({ role }) => role === "artifacts")) {
    const source = await openArtifacts(inFolder(folder, path), artifacts);
    if (source !== undefined) sources.push(source);
  }
  sources.push(new TrustRootSource(), new OfflineSource());
  return sources;
}

/** `REPOSITORY=PATH` names the repository that a layout is of. */
function inFolder(folder: string, argument: string): string {
  const [, repository, path = argument] = /^([^=/]+\/[^=]+=)?(.+)$/.exec(argument) ?? [];
  return `${repository ?? ""}${path.startsWith("/") ? path : join(folder, path)}`;
}
