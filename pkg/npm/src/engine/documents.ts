// Documents that the host writes or reads and the engine does not answer with.

import type { RequestDocument } from "./types.js";

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

/** What was fetched, as JSON that can be kept, sent and replayed. */
export interface EvidenceDocument {
  schema: "vidimus.evidence/v1";
  tags?: Record<string, string | null>;
  referrers?: Record<string, { source: "api" | "fallback-tag"; descriptors: DescriptorDocument[] }>;
  blobs?: Record<string, string>;
  objects?: unknown[];
  failures?: FailureDocument[];
  capturedAt?: string;
  trustRoot?: unknown;
  policies?: unknown;
  resource?: unknown;
  verdict?: unknown;
}
