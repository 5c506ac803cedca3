import { TestSuite as Compiled } from "../wasm/vidimus.js";
import type { Artifacts } from "./artifacts.js";
import { ready } from "./ready.js";
import type { DiagnosticDocument, OutcomeDocument, WantedPathDocument } from "./types.js";

/** One document of a test file (`kyverno-test.yaml`), with the files it names. */
export class TestSuite {
  private constructor(private readonly compiled: Compiled) {}

  /** The documents of a test file; a file with anything wrong in it is one suite that has diagnostics alone. */
  static async parse(text: string, name: string): Promise<TestSuite[]> {
    await ready();
    return Compiled.parse(text, name).map((compiled) => new TestSuite(compiled));
  }

  /** What is wrong with a text that chooses results: `policy=P,rule=R,resource=X`. */
  static async checkSelector(selector: string): Promise<DiagnosticDocument[]> {
    await ready();
    return JSON.parse(Compiled.checkSelector(selector)) as DiagnosticDocument[];
  }

  /** What is wrong with the test file. */
  diagnostics(): DiagnosticDocument[] {
    return JSON.parse(this.compiled.diagnostics()) as DiagnosticDocument[];
  }

  /** Every path that the test names, relative to its folder. */
  paths(): WantedPathDocument[] {
    return JSON.parse(this.compiled.paths()) as WantedPathDocument[];
  }

  /** The paths that were not added yet, those that added files name among them; not those of artifacts. */
  missingPaths(): WantedPathDocument[] {
    return JSON.parse(this.compiled.missingPaths()) as WantedPathDocument[];
  }

  /** Adds the text of a file behind `path`; several behind one path, where that is a folder or a pattern. */
  addFile(path: string, name: string, text: string): this {
    this.compiled.addFile(path, name, text);
    return this;
  }

  /** Notes that there is nothing behind `path`, and why. */
  addAbsent(path: string, why: string): this {
    this.compiled.addAbsent(path, why);
    return this;
  }

  /**
   * Runs the test with the artifacts at hand. Where the outcome has needs, no row of it is final: add what they ask for
   * and run again. The first run adds the objects of the test's cluster to `artifacts`, so each test has its own.
   */
  run(artifacts: Artifacts, selector = ""): OutcomeDocument {
    return JSON.parse(this.compiled.run(artifacts.store, selector)) as OutcomeDocument;
  }

  /** Frees the memory of the test. */
  free(): void {
    this.compiled.free();
  }
}
