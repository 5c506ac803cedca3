import { VidimusError } from "../../engine/error.js";
import { parseArguments } from "../arguments.js";
import { Exit } from "../exit.js";
import { bash } from "./bash.js";
import { fish } from "./fish.js";
import { readCalls } from "./calls.js";
import { zsh } from "./zsh.js";

export const HELP = `usage: vidimus completion bash|zsh|fish

Prints a script by which the shell completes commands, options and their values.

options:
  -h, --help   this text

examples:
  source <(vidimus completion bash)
  vidimus completion zsh > "\${fpath[1]}/_vidimus"
  vidimus completion fish > ~/.config/fish/completions/vidimus.fish
`;

export const SPECIFICATION = {};

const SHELLS = { bash, fish, zsh };

/** Prints the script for a shell. */
export async function run(args: string[]): Promise<number> {
  const [shell, ...others] = parseArguments("completion", args, SPECIFICATION).positionals;
  if (others.length > 0 || !isShell(shell)) {
    const found = [shell, ...others].join(" ");
    throw new VidimusError("bad-call", `expected bash, zsh or fish, found \`${found}\`: try vidimus completion --help`);
  }
  process.stdout.write(SHELLS[shell](await readCalls()));
  return Exit.Admitted;
}

function isShell(name: string | undefined): name is keyof typeof SHELLS {
  return name !== undefined && Object.hasOwn(SHELLS, name);
}
