/** What a manifest names. */
export interface Content {
  digest: string;
  mediaType?: string;
}

/** What of bytes is an index or a manifest. */
export interface ManifestContents {
  isManifest: boolean;
  mediaType?: string;
  /** Those that an index lists. */
  manifests: Content[];
  /** Configuration, layers, and the blobs of artifact manifests. */
  contents: Content[];
}

/** Reads an index or manifest; bytes that are neither name nothing. */
export function contentsOfManifest(bytes: Uint8Array): ManifestContents {
  const { schemaVersion, mediaType, manifests, config, layers, blobs } = documentIn(bytes);
  const lists = [config === undefined ? [] : [config], layers, blobs];
  return {
    isManifest: schemaVersion === 2 || Array.isArray(manifests) || Array.isArray(layers),
    ...(typeof mediaType === "string" ? { mediaType } : {}),
    manifests: contentsIn(manifests),
    contents: lists.flatMap(contentsIn),
  };
}

function documentIn(bytes: Uint8Array): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof document === "object" && document !== null ? (document as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function contentsIn(list: unknown): Content[] {
  if (!Array.isArray(list)) return [];
  return list.filter((item): item is Content => typeof item === "object" && item !== null && typeof item.digest === "string");
}
