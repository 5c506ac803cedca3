import { parseArgs, type ParseArgsConfig } from "node:util";
import { VidimusError } from "../engine/error.js";

/** What options a command has, as `node:util` describes them. */
export type Specification = NonNullable<ParseArgsConfig["options"]>;

/** The values of options, and what is none. */
export type Arguments<T extends Specification> = ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>>;

/** Reads the arguments of a command; throws where one is unknown or has no meaning. */
export function parseArguments<T extends Specification>(command: string, args: string[], options: T): Arguments<T> {
  try {
    return parseArgs<{ args: string[]; options: T; allowPositionals: true }>({ args, options, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VidimusError("bad-call", `${reason.split(". To specify")[0]}: try vidimus ${command} --help`);
  }
}

/** One of the allowed values of an option. */
export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new VidimusError("bad-call", `--${option}: expected ${allowed.join(", ")}, found \`${value}\``);
  }
  return found;
}

/** A whole number that is not negative. */
export function number(option: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new VidimusError("bad-call", `--${option}: expected a whole number, found \`${value}\``);
  return Number(value);
}
