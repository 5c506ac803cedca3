import type { Call, CallOption } from "./calls.js";

/** A completion script for zsh: to be read, or to lie in a folder of `$fpath` as `_vidimus`. */
export function zsh(calls: Call[]): string {
  return `#compdef vidimus
# Completion for zsh: source <(vidimus completion zsh)
_vidimus() {
  local -a commands=(
${calls.map(({ name, summary }) => `    ${quoted(`${name}:${escaped(summary)}`)}\n`).join("")}  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    _arguments '--help[show the help]' '--version[show the version]'
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${calls.map(branch).join("")}  esac
}
if [[ $funcstack[1] == _vidimus ]]; then
  _vidimus "$@"
else
  compdef _vidimus vidimus
fi
`;
}

function branch({ name, words, options }: Call): string {
  const first = words.length === 0 ? [] : [quoted(`1:what:(${words.join(" ")})`)];
  const lines = [...options.map(specification), ...first, quoted("*:file:_files")];
  return `    ${name})\n      _arguments -s -S \\\n        ${lines.join(" \\\n        ")}\n      ;;\n`;
}

/** One option, as `_arguments` wants it: `'(-o --output)'{-o,--output}'[summary]:output:(table json)'`. */
function specification({ long, short, summary, operand, repeats }: CallOption): string {
  const rest = quoted(`[${escaped(summary)}]${operand === "none" ? "" : `:${long}:${action(operand)}`}`);
  if (short === undefined) return `${repeats ? "'*'" : ""}--${long}${rest}`;
  const alone = repeats ? "'*'" : `'(-${short} --${long})'`;
  return `${alone}{-${short},--${long}}${rest}`;
}

function action(operand: CallOption["operand"]): string {
  if (Array.isArray(operand)) return `(${operand.join(" ")})`;
  return operand === "path" ? "_files" : "";
}

/** Characters that `_arguments` and `_describe` would read. */
function escaped(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
