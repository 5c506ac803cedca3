import { VidimusError, diagnosticsOf } from "../engine/error.js";
import { Exit } from "./exit.js";

/** Prints a document as JSON. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}

/** Runs; where a program reads the output, a wrong call or input is a document too. */
export async function withDiagnostics(output: string, act: () => Promise<number>): Promise<number> {
  try {
    return await act();
  } catch (error) {
    const isInput = error instanceof VidimusError && error.code !== "needs-unanswered";
    if (!isInput || output !== "json") throw error;
    printJson({ diagnostics: diagnosticsOf(error) });
    return Exit.BadInput;
  }
}
