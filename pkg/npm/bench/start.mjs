// How long the command line takes to start, beside Node alone. Prints medians and ratios.

import { VIDIMUS, cells, measure, printTable } from "./processes.mjs";

const data = new URL("../package.json", import.meta.url).pathname;
const baseline = await measure([process.execPath, "-e", "0"], { runs: 15 });
const rows = [["node -e 0 (baseline)", ...cells(baseline), ""]];
for (const args of [["--version"], ["--help"], ["apply", "--help"], ["completion", "bash"], ["jp", "name", "-i", data]]) {
  const found = await measure([...VIDIMUS, ...args], { runs: 15 });
  const shown = args.filter((arg) => !arg.includes("/")).join(" ").replace(/ -i$/, " -i FILE");
  rows.push([`vidimus ${shown}`, ...cells(found), `${(found.milliseconds / baseline.milliseconds).toFixed(2)} x`]);
}
printTable(rows);
