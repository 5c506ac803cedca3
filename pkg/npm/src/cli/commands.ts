import type { Specification } from "./arguments.js";

/** What the file of a command offers. */
export interface CommandModule {
  HELP: string;
  /** Its options. */
  SPECIFICATION: Specification;
  /** Prints results to standard output and everything else to standard error; answers with the exit code. */
  run(args: string[]): Promise<number>;
}

/** A command: its name, what it does, and where it is. */
export interface Command {
  name: string;
  summary: string;
  /** Loaded where it is used: the other commands start sooner without it. */
  load(): Promise<CommandModule>;
}

/** Every command, in the order in which the help lists them. */
export const COMMANDS: Command[] = [
  {
    name: "apply",
    summary: "evaluate policies on resources, with the images' signatures",
    load: () => import("./apply/command.js"),
  },
  { name: "test", summary: "run the tests of kyverno-test.yaml files", load: () => import("./test/command.js") },
  {
    name: "preflight",
    summary: "say whether policies can admit an image, and which edit would",
    load: () => import("./preflight/command.js"),
  },
  { name: "inspect", summary: "show what an image carries, decoded", load: () => import("./inspect/command.js") },
  { name: "lint", summary: "look for what policies hardly mean", load: () => import("./lint/command.js") },
  {
    name: "plan",
    summary: "list what an evaluation would fetch, and why",
    load: () => import("./plan/command.js"),
  },
  {
    name: "capture",
    summary: "evaluate, and write down all that the verdicts rest on",
    load: () => import("./capture/command.js"),
  },
  {
    name: "replay",
    summary: "verify captured evidence again, offline",
    load: () => import("./replay/command.js"),
  },
  {
    name: "evidence",
    summary: "merge evidence files, turn them into OCI layouts and back",
    load: () => import("./evidence/command.js"),
  },
  { name: "jp", summary: "evaluate JMESPath in Kyverno's dialect", load: () => import("./jp/command.js") },
  { name: "completion", summary: "print a completion script for a shell", load: () => import("./completion/command.js") },
];
