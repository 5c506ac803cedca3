import { readFileSync } from "node:fs";
import { VidimusError } from "../../engine/error.js";
import { ready } from "../../engine/ready.js";
import type { DiagnosticDocument } from "../../engine/types.js";
import { functions, parseExpression, query } from "../../wasm/vidimus.js";
import { parseArguments } from "../arguments.js";
import { Exit } from "../exit.js";
import { readText } from "../files.js";

export const HELP = `usage: vidimus jp [query] EXPRESSION... [-i FILE] [OPTIONS]
       vidimus jp parse EXPRESSION...
       vidimus jp function [NAME...]

Evaluates JMESPath in Kyverno's dialect on a JSON or YAML file; on standard input without one.
\`parse\` prints the tree of an expression, \`function\` what functions there are.

options:
  -i, --input FILE     the data
  -q, --query FILE     an expression in a file
  -c, --compact        print the result in one line
  -u, --unquoted       print texts without quotes
      --now TIME       the time of the evaluation, RFC 3339 (now)
  -h, --help           this text

examples:
  vidimus jp 'spec.containers[].image' -i pod.yaml
  kubectl get pod web -o yaml | vidimus jp -u 'to_upper(metadata.name)'
  vidimus jp function split
`;

export const SPECIFICATION = {
  input: { type: "string", short: "i" },
  query: { type: "string", short: "q" },
  compact: { type: "boolean", short: "c" },
  unquoted: { type: "boolean", short: "u" },
  now: { type: "string" },
} as const;

/** Evaluates expressions; prints their results to standard output. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArguments("jp", args, SPECIFICATION);
  await ready();
  const [first, ...rest] = positionals;
  if (first === "function") return listFunctions(rest);
  const expressions = first === "query" || first === "parse" ? rest : positionals;
  if (values.query !== undefined) expressions.push((await readText(values.query)).trim());
  if (expressions.length === 0) throw new VidimusError("bad-call", "an expression is missing: try vidimus jp --help");
  if (first === "parse") {
    for (const expression of expressions) process.stdout.write(answer<{ tree: string }>(parseExpression(expression)).tree);
    return Exit.Admitted;
  }
  const name = values.input ?? "standard input";
  const text = values.input === undefined ? readFileSync(0, "utf8") : await readText(values.input);
  const now = values.now ?? `${new Date().toISOString().slice(0, 19)}Z`;
  for (const expression of expressions) {
    const { result } = answer<{ result: unknown }>(query(expression, text, name, now));
    if (expressions.length > 1) process.stdout.write(`# ${expression}\n`);
    const plain = values.unquoted === true && typeof result === "string";
    process.stdout.write(`${plain ? result : JSON.stringify(result, undefined, values.compact ? undefined : 2)}\n`);
  }
  return Exit.Admitted;
}

function listFunctions(names: string[]): number {
  const all = JSON.parse(functions()) as { name: string; signature: string; note: string }[];
  const unknown = names.find((name) => !all.some((entry) => entry.name === name));
  if (unknown !== undefined) throw new VidimusError("bad-call", `unknown function \`${unknown}\`: try vidimus jp function`);
  for (const { name, signature, note } of all) {
    if (names.length === 0 || names.includes(name)) process.stdout.write(`${signature}\n    ${note}\n`);
  }
  return Exit.Admitted;
}

/** What the engine answers, unless it refuses. */
function answer<T>(text: string): T {
  const parsed = JSON.parse(text) as T & { diagnostics?: DiagnosticDocument[] };
  if (parsed.diagnostics) throw new VidimusError("bad-call", "the expression has no value", parsed.diagnostics);
  return parsed;
}
