/** A line of YAML in block style: where its key begins, where its first dash stands, and what the key is. */
interface Line {
  column: number;
  dash: number | undefined;
  key: string;
}

const LINE = /^(\s*)((?:- +)*)(?:(["']?)([\w./-]+)\3:(?:\s|$))?/;

/** The keys that lead to a line, from the outermost; without its own. Flow style has no lines to go by, and no path. */
export function pathTo(lines: string[], index: number): string[] {
  const own = parse(lines[index] ?? "");
  const path: string[] = [];
  let limit = own.dash === undefined ? own.column : own.dash + 1;
  for (let at = index - 1; at >= 0 && limit > 0; at--) {
    const text = lines[at] ?? "";
    if (/^---(\s|$)/.test(text)) break;
    if (text.trim() === "" || text.trimStart().startsWith("#")) continue;
    const { column, dash, key } = parse(text);
    if (column >= limit || key === "") continue;
    path.unshift(key);
    // A list may stand as far left as the key that it belongs to.
    limit = dash === undefined ? column : dash + 1;
  }
  return path;
}

/** The key of a line; empty where it has none. */
export function keyOf(text: string): string {
  return parse(text).key;
}

function parse(text: string): Line {
  const [, space = "", dashes = "", , key = ""] = LINE.exec(text) ?? [];
  return { column: space.length + dashes.length, dash: dashes === "" ? undefined : space.length, key };
}
