import type { NeedDocument, Plan } from "vidimus";
import { byId, fill, h, type Child } from "../dom.js";
import { withDigests } from "./digest.js";

/** What a host would request, in the order in which it would. */
export function showPlan(plans: Plan[], missing: number, actions: Child[]): void {
  const requests = plans.flatMap((plan) => plan.requests);
  const rows = requests.map(({ round, need, answeredBy }) =>
    h("tr", { "data-missing": answeredBy === null },
      h("td", {}, round), h("td", {}, ...withDigests(described(need))), h("td", {}, answeredBy === null ? "missing" : "in the evidence"),
      h("td", { class: "faint" }, [...new Set(need.askedBy.map(({ policy, rule }) => (policy === rule ? rule : `${policy}/${rule}`)))].join(", "))));
  const head = h("tr", {}, ...["Round", "Request", "Answer", "For"].map((name) => h("th", { scope: "col" }, name)));
  const empty = h("p", { class: "empty" }, "No request is needed: no rule that applies reads anything from a registry or a cluster.");
  fill(byId("plan"), missing > 0 && h("div", { class: "actions" }, ...actions),
    rows.length > 0 ? h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows)) : empty,
    plans.some(({ complete }) => !complete) && h("p", { class: "faint" }, "What comes after the missing answers depends on them."));
}

/** One line for a request. */
export function described(need: NeedDocument): string {
  const repository = [need.registry, need.repository].filter(Boolean).join("/");
  switch (need.kind) {
    case "manifest":
      return need.tag === undefined ? `manifest ${repository}@${need.digest}` : `manifest ${repository}:${need.tag}`;
    case "object":
      return `${need.objectKind} ${need.namespace ? `${need.namespace}/` : ""}${need.name}`;
    case "rekor-entry":
      return `entry of the log ${need.url}`;
    case "ocsp":
      return `answer of the OCSP responder ${need.url}`;
    case "revocation-list":
      return `revocation list ${need.url}`;
    case "trust-root":
      return "Sigstore trust root";
    default:
      return `${need.kind} ${repository}@${need.digest}`;
  }
}
