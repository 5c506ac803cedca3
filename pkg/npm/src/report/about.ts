import { parseObjects } from "../engine/policy-set.js";
import type { SourceDocument } from "../engine/types.js";
import type { PolicyAbout } from "./model.js";

const PREFIX = "policies.kyverno.io/";
const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;

/** What policies say of themselves, by name; of one in a namespace by `namespace/name`, as results name it. */
export async function aboutPolicies(sources: SourceDocument[]): Promise<Map<string, PolicyAbout>> {
  const found = new Map<string, PolicyAbout>();
  for (const { name, text } of sources) {
    for (const policy of await parseObjects(text, name)) add(policy, found);
  }
  return found;
}

function add(policy: unknown, found: Map<string, PolicyAbout>): void {
  const { kind, metadata, items } = (policy ?? {}) as {
    kind?: string;
    metadata?: { name?: string; namespace?: string; annotations?: Record<string, unknown> };
    items?: unknown[];
  };
  for (const item of Array.isArray(items) ? items : []) add(item, found);
  const name = kind === "Policy" ? `${metadata?.namespace ?? "default"}/${metadata?.name}` : metadata?.name;
  if (name !== undefined) found.set(name, about(metadata?.annotations ?? {}));
}

function about(annotations: Record<string, unknown>): PolicyAbout {
  const text = (key: string) => {
    const value = annotations[PREFIX + key];
    return typeof value === "string" && value.trim() !== "" ? { [key]: value.trim() } : {};
  };
  const severity = SEVERITIES.find((known) => known === annotations[`${PREFIX}severity`]);
  const scored = annotations[`${PREFIX}scored`] !== "false";
  return { ...text("title"), ...text("category"), ...text("description"), ...(severity && { severity }), scored };
}
