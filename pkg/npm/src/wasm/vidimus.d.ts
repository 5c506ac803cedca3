// The part of the generated glue that this package uses; the JavaScript is written by `cargo xtask wasm`.
// It is published in place of the generated declarations, which name types that not every project knows.
export class PolicySet {
  private constructor();
  free(): void;
  static load(sources: Uint8Array): PolicySet;
  diagnostics(): string;
  evaluate(request: Uint8Array, artifacts: Artifacts): string;
}
export class Artifacts {
  constructor();
  free(): void;
  add(document: Uint8Array): string;
  addBlob(digest: string, bytes: Uint8Array): string;
  setTrustRoot(document: Uint8Array): string;
  toJson(): string;
}
export class TestSuite {
  private constructor();
  free(): void;
  static parse(text: string, name: string): TestSuite[];
  static checkSelector(selector: string): string;
  diagnostics(): string;
  paths(): string;
  missingPaths(): string;
  addFile(path: string, name: string, text: string): void;
  addAbsent(path: string, why: string): void;
  run(artifacts: Artifacts, selector: string): string;
}
export function objects(text: string, name: string): string;
export function query(expression: string, input: string, name: string, now: string): string;
export function parseExpression(expression: string): string;
export function inspect(image: string, platforms: boolean, signatures: string, predicateBytes: number, artifacts: Artifacts): string;
export function lint(sources: Uint8Array): string;
export function functions(): string;
export function version(): string;
export function initSync(module: { module: Uint8Array }): unknown;
export default function init(module: { module_or_path: URL }): Promise<unknown>;
