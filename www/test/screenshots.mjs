// Takes the pictures of the README, from the built page: `npm run screenshots`.

import { fileURLToPath } from "node:url";
import { browser, open, serve } from "./page.mjs";

const folder = fileURLToPath(new URL("../../docs/", import.meta.url));
const server = await serve();
const chromium = await browser();
for (const colorScheme of ["light", "dark"]) {
  const context = await chromium.newContext({ viewport: { width: 1280, height: 760 }, colorScheme, reducedMotion: "reduce" });
  const { page } = await open(context, `${server.url}#example=wrong-identity`);
  await page.locator("#headline[data-state=rejected]").waitFor();
  await page.screenshot({ path: `${folder}playground-${colorScheme}.png` });
  await context.close();
}
await chromium.close();
server.close();
