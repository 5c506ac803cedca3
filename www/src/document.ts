import type { EvidenceDocument } from "vidimus";

/** What the page is about: everything that a verdict depends on, and what a link carries. */
export interface PlaygroundDocument {
  /** Policies, in YAML. */
  policy: string;
  /** Objects, in YAML; each is a request of its own. */
  resource: string;
  /** PolicyExceptions, in YAML. */
  exceptions: string;
  /** What was fetched. */
  evidence: EvidenceDocument | undefined;
  /** Time of the evaluation in RFC 3339; empty: the time of the day. */
  now: string;
  /** Kyverno to the letter, where it accepts what nobody signed too? */
  compat: "default" | "exact";
}

/** A page with nothing in it. */
export const EMPTY: PlaygroundDocument = { policy: "", resource: "", exceptions: "", evidence: undefined, now: "", compat: "default" };

/** Names of the texts in diagnostics and locations. */
export const NAMES = { policy: "policy.yaml", resource: "resource.yaml", exceptions: "exceptions.yaml" } as const;

/** One of the texts that are edited. */
export type TextName = keyof typeof NAMES;
