/** Control characters, and those that turn the direction of writing. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text that others wrote, made safe to print: registries, images and signers choose parts of messages, and a terminal
 * would obey the control characters in them.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Whether results are printed in colour: on a terminal, unless NO_COLOR says no (no-color.org). */
export function hasColour(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}
