/** Documents as YAML, apart by `---`. */
export async function yaml(documents: unknown[]): Promise<string> {
  // Loaded where it is used: the other formats start sooner without it.
  const { stringify } = await import("yaml");
  return documents.map((document) => stringify(document, { aliasDuplicateObjects: false })).join("---\n");
}
