import type { PlannedRequest } from "../../plan.js";
import { requestKey } from "../../source/source.js";
import { describe } from "../../source/source.js";
import { printable } from "../terminal.js";
import type { ResourcePlan } from "./command.js";

const HEADS = ["ROUND", "REQUEST", "FROM"];

/** A line for each request; one that several resources need is there once. */
export function table(plans: ResourcePlan[]): string {
  const requests = unique(plans.flatMap((plan) => plan.requests));
  const rows = requests.map(({ round, need, ...request }) => [String(round), describe(need), from(request)].map(printable));
  const widths = HEADS.map((head, column) => Math.max(head.length, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  const body = rows.map((cells, index) => `${line(cells)}  ${printable(askers(requests[index]))}\n`);
  return (rows.length === 0 ? "" : `${line(HEADS)}  FOR\n${body.join("")}\n`) + summary(plans, requests);
}

/** The same request of several resources is one, in its first round, for all who ask. */
function unique(requests: PlannedRequest[]): PlannedRequest[] {
  const found = new Map<string, PlannedRequest>();
  for (const request of requests) {
    const key = requestKey(request.need);
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...request, need: { ...request.need, askedBy: [...request.need.askedBy] } });
    else known.need.askedBy.push(...request.need.askedBy);
  }
  return [...found.values()].sort((a, b) => a.round - b.round);
}

function from({ answeredBy, sentTo }: Pick<PlannedRequest, "answeredBy" | "sentTo">): string {
  if (answeredBy !== null) return `given: ${answeredBy}`;
  return sentTo ?? "nobody: --cluster-object gives it";
}

function askers(request: PlannedRequest | undefined): string {
  return [...new Set(request?.need.askedBy.map(({ policy, rule, attestor }) => `${policy}/${rule} ${attestor}`.trim()))].join(", ");
}

function summary(plans: ResourcePlan[], requests: PlannedRequest[]): string {
  const count = requests.filter(({ sentTo }) => sentTo !== null).length;
  const sent = count === 0 ? "nothing is to be fetched" : `${count} ${count === 1 ? "request" : "requests"} to send`;
  const open = plans.filter(({ complete }) => !complete).length;
  const rest = open === 0 ? "" : `; what follows for ${open} of ${plans.length} resources depends on the answers`;
  return `${sent}${rest}\n`;
}
