import type { Specification } from "../arguments.js";
import { COMMANDS, type CommandModule } from "../commands.js";

/** What may follow an option: nothing, one of a few words, or a path or text that the shell knows no list of. */
export type Operand = "none" | "path" | "text" | readonly string[];

/** An option, as shells complete it. */
export interface CallOption {
  long: string;
  short: string | undefined;
  summary: string;
  operand: Operand;
  repeats: boolean;
}

/** A command with what may follow it. */
export interface Call {
  name: string;
  summary: string;
  /** What its first argument may be, where that is one of a few words. */
  words: string[];
  options: CallOption[];
}

const HELP_OPTION: CallOption = { long: "help", short: "h", summary: "show the help", operand: "none", repeats: false };

/** Every call that the command line understands. */
export async function readCalls(): Promise<Call[]> {
  const calls = await Promise.all(COMMANDS.map(async ({ name, summary, load }) => callOf(name, summary, await load())));
  const help = { name: "help", summary: "show the help of a command", words: COMMANDS.map(({ name }) => name), options: [] };
  return [...calls, help];
}

function callOf(name: string, summary: string, { HELP: help, SPECIFICATION: specification }: CommandModule): Call {
  const options = Object.entries(specification).map(([long, option]) => optionOf(long, option, help));
  return { name, summary, words: wordsOf(name, help), options: [...options, HELP_OPTION] };
}

/** The words in lower case that follow the command in its usage lines: `jp [query]`, `completion bash|zsh|fish`. */
function wordsOf(name: string, help: string): string[] {
  const usages = help.matchAll(new RegExp(`^(?:usage:| {6}) vidimus ${name} \\[?([a-z|]+)\\]?(?: |$)`, "gm"));
  return [...usages].flatMap(([, words = ""]) => words.split("|"));
}

/** The specification says what there is; what it is for stands in the help. */
function optionOf(long: string, { type, short, multiple }: Specification[string], help: string): CallOption {
  const lines = new RegExp(`^ +(?:-\\w, )? *--${long}(?: (\\S+))?(?: {2,}|\\n {16,})(.*(?:\\n {16,}.*)*)`, "m");
  const [, placeholder = "", text = ""] = lines.exec(help) ?? [];
  const operand = type === "boolean" ? "none" : operandOf(placeholder);
  return { long, short, summary: summaryOf(text, operand), operand, repeats: multiple === true };
}

/** The beginning of what the help says. For an option with few values that is about them: `exact: Kyverno to the letter`. */
function summaryOf(text: string, operand: Operand): string {
  const line = text.replaceAll(/\s+/g, " ").replaceAll(/ \([^)]*\)/g, "");
  return line.split(typeof operand === "string" ? /[;:]|, such as/ : ";")[0]?.trim() ?? "";
}

function operandOf(placeholder: string): Operand {
  if (/^[a-z]+(\|[a-z]+)+$/i.test(placeholder)) return placeholder.split("|");
  return ["PATH", "FILE", "DIR"].includes(placeholder) ? "path" : "text";
}
