import { junitXml, type JunitCase } from "./junit.js";
import { grouped, type Row } from "./model.js";

/** Results as JUnit: a suite for each object, a case for each result. */
export function junit(rows: Row[]): string {
  const suites = grouped(rows, ({ resource }) => resource).map((own) => ({ name: own[0]?.resource ?? "", cases: own.map(asCase) }));
  return junitXml("vidimus apply", suites);
}

function asCase(row: Row): JunitCase {
  const about = [row.rule, row.image, row.phase].filter((part) => part !== null && part !== "").join(" ");
  return { classname: row.policy, name: about, ...outcome(row) };
}

/** A warning is no failure: nothing is denied for it. */
function outcome({ status, code, message }: Row): Pick<JunitCase, "outcome"> {
  if (status === "skip") return { outcome: { kind: "skipped", message } };
  if (status === "fail" || status === "error") {
    return { outcome: { kind: status === "fail" ? "failure" : "error", message: firstLine(message), type: code, text: message } };
  }
  return {};
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
