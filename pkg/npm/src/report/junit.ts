/** A case of a JUnit report. */
export interface JunitCase {
  classname: string;
  name: string;
  /** What it is beside passed. */
  outcome?: { kind: "error" | "failure" | "skipped"; message: string; type?: string; text?: string };
}

/** A suite of a JUnit report. */
export interface JunitSuite {
  name: string;
  cases: JunitCase[];
}

/** A JUnit report; the order of attributes and elements is that of the usual schema (Jenkins' junit-10.xsd). */
export function junitXml(name: string, suites: JunitSuite[]): string {
  const body = suites.map(suite).join("");
  const all = suites.flatMap(({ cases }) => cases);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escape(name)}" ${counts(all)}>\n${body}</testsuites>\n`;
}

function suite({ name, cases }: JunitSuite): string {
  const head = `  <testsuite name="${escape(name)}" ${counts(cases)} skipped="${count(cases, "skipped")}">\n`;
  return `${head}${cases.map(testCase).join("")}  </testsuite>\n`;
}

function counts(cases: JunitCase[]): string {
  return `tests="${cases.length}" failures="${count(cases, "failure")}" errors="${count(cases, "error")}"`;
}

function count(cases: JunitCase[], kind: string): number {
  return cases.filter(({ outcome }) => outcome?.kind === kind).length;
}

function testCase({ name, classname, outcome }: JunitCase): string {
  const head = `    <testcase name="${escape(name)}" classname="${escape(classname)}"`;
  if (outcome === undefined) return `${head}/>\n`;
  const { kind, message, type = "input", text = "" } = outcome;
  const said = `      <${kind} message="${escape(message)}"`;
  const content = kind === "skipped" ? `${said}/>\n` : `${said} type="${escape(type)}">${escape(text)}</${kind}>\n`;
  return `${head}>\n${content}    </testcase>\n`;
}

/** XML 1.0 has no place for most control characters, not even as references. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"\t\n\r]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character] ?? `&#${character.charCodeAt(0)};`);
}
