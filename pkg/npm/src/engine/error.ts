import type { DiagnosticDocument } from "./types.js";

/** Stable codes of the errors that this package throws. */
export type ErrorCode =
  | "artifact-source"
  | "bad-call"
  | "input"
  | "needs-unanswered"
  | "registry";

/** An error with a stable code; `diagnostics` where an input is wrong. */
export class VidimusError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly diagnostics: DiagnosticDocument[] = [],
  ) {
    super(message);
    this.name = "VidimusError";
  }
}

/** The error of an input that the engine cannot understand; `diagnostics` may be all of them, warnings too. */
export function inputError(errors: DiagnosticDocument[], diagnostics = errors): VidimusError {
  return new VidimusError("input", errors.map(formatDiagnostic).join("\n"), diagnostics);
}

/** What is wrong, as diagnostics: those of the error, or the error itself as one. */
export function diagnosticsOf(error: VidimusError): DiagnosticDocument[] {
  if (error.diagnostics.length > 0) return error.diagnostics;
  return [{ code: error.code, severity: "error", message: error.message, path: "" }];
}

/** One line for a diagnostic: `file:line:column: error[code]: path: message (help)`. */
export function formatDiagnostic(d: DiagnosticDocument): string {
  const place = [d.source, d.line, d.column].filter((part) => part !== undefined).join(":");
  const path = d.path === "" ? "" : `${d.path}: `;
  const help = d.help === undefined ? "" : ` (${d.help})`;
  return `${place === "" ? "" : `${place}: `}${d.severity}[${d.code}]: ${path}${d.message}${help}`;
}
