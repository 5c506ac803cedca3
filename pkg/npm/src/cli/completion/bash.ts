import type { Call, CallOption } from "./calls.js";

/** A completion script for bash, 3.2 (of macOS) or later. Where it says nothing, bash completes files. */
export function bash(calls: Call[]): string {
  return `# Completion for bash: source <(vidimus completion bash)
_vidimus() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} options= words= values=
  # bash makes three words of --option=value.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  if [[ $COMP_CWORD == 1 ]]; then
    COMPREPLY=($(compgen -W "${calls.map(({ name }) => name).join(" ")} --help --version" -- "$current"))
    return
  fi
  case \${COMP_WORDS[1]} in
${calls.map(branch).join("")}  esac
  if [[ -n $values ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ $COMP_CWORD == 2 ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o bashdefault -o default -F _vidimus vidimus
`;
}

function branch({ name, words, options }: Call): string {
  const few = options.filter(({ operand }) => Array.isArray(operand)).map((option) => [option]);
  const many = options.filter(({ operand }) => operand === "path" || operand === "text");
  const operands = [...few, many].filter((group) => group.length > 0).map((group) => `        ${group.flatMap(spellings).join("|")}) ${after(group[0])} ;;\n`);
  const previous = operands.length === 0 ? "" : `      case $previous in\n${operands.join("")}      esac\n`;
  return `    ${name})
      words="${words.join(" ")}"
      options="${options.flatMap(spellings).join(" ")}"
${previous}      ;;
`;
}

/** A word after this option is its value, and never one of the command's own. */
function after(option: CallOption | undefined): string {
  return Array.isArray(option?.operand) ? `values="${option.operand.join(" ")}"` : "return";
}

function spellings({ long, short }: CallOption): string[] {
  return short === undefined ? [`--${long}`] : [`--${long}`, `-${short}`];
}
