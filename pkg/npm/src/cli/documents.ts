import { VidimusError, diagnosticsOf } from "../engine/error.js";
import { yaml } from "../report/yaml.js";
import { Exit } from "./exit.js";

/** Prints a document as JSON. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}

/** Runs; where a program reads the output (`json`, `yaml`), a wrong call or input is a document too. */
export async function withDiagnostics(output: string, act: () => Promise<number>): Promise<number> {
  try {
    return await act();
  } catch (error) {
    const isInput = error instanceof VidimusError && error.code !== "needs-unanswered";
    if (!isInput || (output !== "json" && output !== "yaml")) throw error;
    const document = { diagnostics: diagnosticsOf(error) };
    if (output === "json") printJson(document);
    else process.stdout.write(await yaml([document]));
    return Exit.BadInput;
  }
}
