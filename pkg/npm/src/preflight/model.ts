import type { InspectionDocument, ResultDocument } from "../engine/types.js";

/** A change of a policy that was tried. */
export interface Edit {
  policy: string;
  /** The text of the policy that it is in. */
  source: string;
  /** Where: `spec.rules[0].verifyImages[0].type`. */
  path: string;
  /** What stands there; null: nothing. */
  before: unknown;
  after: unknown;
  /** What it means. */
  why: string;
  /** What is given up with it, or must be known first. */
  caution: string;
}

/** Why an image is not admitted, and what would change that. */
export interface Advice {
  policy: string;
  rule: string;
  /** The attestor within the rule: `.attestors[0].entries[0].keys`; empty where it is none. */
  attestor: string;
  code: string;
  /** What was found, in the words of the step that failed. */
  found: string;
  meaning: string;
  /** What to do, in general. */
  fix: string;
  /** Edits which, made together, let the rule pass: each set was tried. */
  edits: Edit[][];
}

/** Whether policies can admit an image. */
export interface Preflight {
  image: string;
  /** Some rule verifies the image; an image that none verifies is admitted as it is. */
  isConcerned: boolean;
  /** It is admitted now. */
  isAdmitted: boolean;
  results: ResultDocument[];
  advice: Advice[];
  /** What the image carries, not verified. */
  carries: InspectionDocument;
}
