// Documents that the host writes or reads and the engine does not answer with.

import type { AnswerDocument, EvaluateDocument, RequestDocument, ResultDocument, SourceDocument } from "./types.js";

export type { RequestDocument } from "./types.js";

/** An OCI content descriptor. */
export interface DescriptorDocument {
  mediaType: string;
  digest: string;
  size: number;
  artifactType?: string;
  annotations?: Record<string, string>;
}

/** A request that failed: `transport` where no answer came, else an HTTP status. */
export interface FailureDocument extends RequestDocument {
  status?: number;
  error: string;
  transport: boolean;
}

/** An answer as evidence records it: what was decided, without the reasoning. */
export interface VerdictDocument extends Pick<AnswerDocument, "admission" | "images" | "patches" | "targets"> {
  results: Omit<ResultDocument, "trace">[];
}

/** What was fetched, as JSON that can be kept, sent and replayed. */
export interface EvidenceDocument {
  schema: "vidimus.evidence/v1";
  tags?: Record<string, string | null>;
  referrers?: Record<string, { source: "api" | "fallback-tag"; descriptors: DescriptorDocument[] }>;
  blobs?: Record<string, string>;
  objects?: unknown[];
  /** Answers of transparency logs, by URL and digest of the search. */
  logEntries?: Record<string, unknown>;
  /** OCSP responses and revocation lists in base64, by URL and, for responses, digest of the question. */
  revocation?: Record<string, string>;
  failures?: FailureDocument[];
  /** When it was fetched. */
  capturedAt?: string;
  /** The Sigstore TrustedRoot that the verdicts rest on. */
  trustRoot?: unknown;
  policies?: SourceDocument[];
  exceptions?: SourceDocument[];
  resource?: unknown;
  /** What was asked, each question with its time. */
  requests?: EvaluateDocument[];
  /** One for each question. */
  verdict?: VerdictDocument[];
}
