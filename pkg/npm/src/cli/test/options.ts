import { oneOf, parseArguments } from "../arguments.js";
import { hasColour } from "../terminal.js";

export const HELP = `usage: vidimus test [PATH...] [OPTIONS]

Runs the tests of kyverno-test.yaml files: each names policies, resources and the results that it expects.

PATH is a folder, where every test file below it is run (node_modules and .git left out), or a test file;
without one, the folder that the command is run in.

options:
  -f, --file-name NAME              the name of test files in folders (kyverno-test.yaml)
  -t, --test-case-selector CHOICE   check only these results: policy=P,rule=R,resource=X, any of them, with wildcards
  -o, --output table|json|junit|markdown
                                    how results are printed
      --fail-only                   print only what is not as expected
      --detailed-results            print what rules say, too
      --require-tests               no test is a mistake
      --remove-color                no colours
  -h, --help                        this text

Beside Kyverno's fields a test file may have two more, for images without a registry:
  artifacts: [PATH...]              evidence files and OCI image layouts, as with --artifacts of vidimus apply
  now: 2026-01-31T12:00:00Z         evaluate as of this time

examples:
  vidimus test
  vidimus test policies/ --fail-only
  vidimus test tests/pods/kyverno-test.yaml -t 'rule=check-*'
  vidimus test . -o junit > report.xml
`;

/** How results are printed. */
export type TestFormat = "json" | "junit" | "markdown" | "table";

/** The options of `test`. */
export interface TestOptions {
  paths: string[];
  fileName: string;
  selector: string;
  output: TestFormat;
  failOnly: boolean;
  detailed: boolean;
  requireTests: boolean;
  colour: boolean;
}

export const SPECIFICATION = {
  "file-name": { type: "string", short: "f" },
  "test-case-selector": { type: "string", short: "t" },
  output: { type: "string", short: "o" },
  "fail-only": { type: "boolean" },
  "detailed-results": { type: "boolean" },
  "require-tests": { type: "boolean" },
  "remove-color": { type: "boolean" },
} as const;

/** Reads the arguments of `test`; throws where one is unknown or has no meaning. */
export function parseTest(args: string[]): TestOptions {
  const { values, positionals } = parseArguments("test", args, SPECIFICATION);
  const colour = hasColour() && values["remove-color"] !== true;
  return {
    paths: positionals.length === 0 ? ["."] : positionals,
    fileName: values["file-name"] ?? "kyverno-test.yaml",
    selector: values["test-case-selector"] ?? "",
    output: oneOf("output", values.output ?? "table", ["table", "json", "junit", "markdown"] as const),
    failOnly: values["fail-only"] ?? false,
    detailed: values["detailed-results"] ?? false,
    requireTests: values["require-tests"] ?? false,
    colour,
  };
}
