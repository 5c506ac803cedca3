import type { Call, CallOption } from "./calls.js";

/** A completion script for fish. */
export function fish(calls: Call[]): string {
  const first = calls.map(({ name, summary }) => line("__fish_use_subcommand", ["-f", "-a", name, "-d", quoted(summary)]));
  const general = ["help", "version"].map((name) => line("__fish_use_subcommand", ["-l", name, "-d", quoted(`show the ${name}`)]));
  const head = "# Completion for fish: vidimus completion fish | source\n";
  return [head, ...first, ...general, ...calls.flatMap(linesOf)].join("");
}

function linesOf({ name, words, options }: Call): string[] {
  const seen = `__fish_seen_subcommand_from ${name}`;
  // `help apply` is no call of apply.
  const condition = name === "help" ? seen : `${seen}; and not __fish_seen_subcommand_from help`;
  const noWord = `${condition}; and not __fish_seen_subcommand_from ${words.join(" ")}`;
  const first = words.length === 0 ? [] : [line(noWord, ["-f", "-a", quoted(words.join(" "))])];
  return [...first, ...options.map((option) => line(condition, argumentsOf(option)))];
}

function argumentsOf({ long, short, summary, operand }: CallOption): string[] {
  return [...(short === undefined ? [] : ["-s", short]), "-l", long, ...operandOf(operand), "-d", quoted(summary)];
}

function operandOf(operand: CallOption["operand"]): string[] {
  if (operand === "none") return [];
  if (operand === "path") return ["-r", "-F"];
  return Array.isArray(operand) ? ["-x", "-a", quoted(operand.join(" "))] : ["-x"];
}

function line(condition: string, rest: string[]): string {
  return `complete -c vidimus -n ${quoted(condition)} ${rest.join(" ")}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
