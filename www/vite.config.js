import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { writeGallery } from "./scripts/gallery.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** The examples, from the samples of the repository. */
function gallery() {
  return {
    name: "gallery",
    buildStart() {
      writeGallery(join(here, ".."), join(here, "public/gallery"));
    },
  };
}

/** The service worker, which keeps every file of the build: the page works offline after the first visit. */
function offline() {
  return {
    name: "offline",
    apply: "build",
    closeBundle() {
      const folder = join(here, "dist");
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== "sw.js")
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort();
      const hash = createHash("sha256");
      for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
      const list = JSON.stringify({ version: hash.digest("hex").slice(0, 16), files });
      const script = readFileSync(join(here, "src/offline.js"), "utf8");
      writeFileSync(join(folder, "sw.js"), script.replace("self.FILES", list));
    },
  };
}

export default defineConfig({
  base: "./",
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  worker: { format: "es" },
  plugins: [gallery(), offline()],
});
