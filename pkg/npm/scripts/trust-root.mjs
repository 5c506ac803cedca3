// Writes src/trust/public-good.ts: Sigstore's public-good trust root of today, by The Update Framework. Needs the network.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { initTUF } from "@sigstore/tuf";

const client = await initTUF({ forceInit: true });
const text = JSON.stringify(JSON.parse(await client.getTarget("trusted_root.json")));
const date = new Date().toISOString().slice(0, 10);
const file = fileURLToPath(new URL("../src/trust/public-good.ts", import.meta.url));
writeFileSync(
  file,
  `// Sigstore's public-good instance. Written by \`node scripts/trust-root.mjs\`, which needs the network; do not edit.

/** The TrustedRoot of Sigstore's public-good instance, as this package was built with it. */
export const PUBLIC_GOOD = {
  /** Where it comes from. */
  origin: "TUF target trusted_root.json of https://tuf-repo-cdn.sigstore.dev",
  /** When it was taken. */
  date: "${date}",
  /** The document. */
  text: ${JSON.stringify(text)},
};
`,
);
