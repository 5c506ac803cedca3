// The built page in a real Chromium: what its examples say, what can be done in it, and what it must never do.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { browser, open, serve } from "./page.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const examples = JSON.parse(readFileSync(`${root}policies/gallery.json`, "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const STATES = { admitted: "verified", denied: "rejected" };
let server;
let chromium;

before(async () => {
  server = await serve();
  chromium = await browser();
});
after(async () => {
  await chromium?.close();
  server?.close();
});

/** The page at a fragment, in a context of its own; it may not have complained when `use` is done. */
async function visit(fragment, use, options = {}) {
  const context = await chromium.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
  const { page, complaints } = await open(context, `${server.url}#${fragment}`);
  try {
    await use(page, context);
    assert.deepEqual(complaints, [], "the browser complains of nothing, the Content-Security-Policy included");
  } finally {
    await context.close();
  }
}

const headline = (page) => page.locator("#headline");
const state = (page) => headline(page).getAttribute("data-state");
/** Waits until the verdict has this state. */
const becomes = (page, wanted) => page.locator(`#headline[data-state=${wanted}]`).waitFor({ timeout: 10_000 });

for (const { id, expect, because } of examples) {
  test(`example ${id}: ${expect}, and why`, async () => {
    await visit(`example=${id}`, async (page) => {
      await becomes(page, STATES[expect]);
      const cards = await page.locator("#cards").innerText();
      const trace = await page.locator("#trace").innerText();
      const flat = (text) => text.replace(/\s+/g, " ");
      const shown = flat(`${await headline(page).innerText()} ${cards} ${trace}`);
      // Digests are shortened in the page; the words before one are not.
      const words = flat(because).split(/ ?\bsha256:/)[0];
      assert.ok(shown.includes(words), `expected ${JSON.stringify(words)} in ${JSON.stringify(shown.slice(0, 2000))}`);
    });
  });
}

/** Replaces the text of an editor, as a user who selects all and types. */
async function type(page, name, text) {
  await page.locator(`#${name} .cm-content`).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Backspace");
  await page.keyboard.insertText(text);
}

test("editing the policy changes the verdict, and a slip of the pen is shown where it stands", async () => {
  await visit("example=validate-label", async (page) => {
    await becomes(page, "rejected");
    const policy = readFileSync(`${root}policies/team-label/team-label.yaml`, "utf8");
    await type(page, "policy", policy.replaceAll("Deployment", "StatefulSet"));
    await page.locator("#headline:not([data-state=rejected])").waitFor();
    await type(page, "policy", policy.replace("validate:", "validat:"));
    await page.locator("#policy .cm-lintRange-error, #policy .cm-lint-marker-error").first().waitFor();
    assert.match(await headline(page).innerText(), /validat/);
  });
});

test("fields and their words are completed, and explained", async () => {
  await visit("example=static-key", async (page) => {
    await becomes(page, "verified");
    const shadow = page.locator("#policy");
    await shadow.locator(".cm-line", { hasText: "failureAction: Enforce" }).click();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.keyboard.type("mutate");
    await shadow.locator(".cm-tooltip-autocomplete", { hasText: "mutateDigest" }).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.type("f");
    await shadow.locator(".cm-tooltip-autocomplete", { hasText: "false" }).waitFor();
    await page.keyboard.press("Enter");
    await shadow.locator(".cm-line", { hasText: "mutateDigest: false" }).waitFor();
    await shadow.locator(".cm-line", { hasText: "imageReferences:" }).getByText("imageReferences").hover();
    await shadow.locator(".cm-tooltip-hover", { hasText: "a list of text" }).waitFor();
  });
});

test("another example is found by keyboard", async () => {
  await visit("example=static-key", async (page) => {
    await becomes(page, "verified");
    await page.locator("body").press("Control+k");
    await page.keyboard.type("tampered");
    await page.keyboard.press("Enter");
    await becomes(page, "rejected");
    assert.match(page.url(), /example=tampered-payload/);
  });
});

test("a link carries everything: the verdict is the same in another browser", async () => {
  let link = "";
  await visit("example=tampered-payload", async (page) => {
    await becomes(page, "rejected");
    await page.locator("#share-button").click();
    link = await page.locator("#popover input[readonly], #popover textarea[readonly]").first().inputValue();
  });
  assert.ok(link.startsWith(server.url), link.slice(0, 80));
  await visit(link.slice(link.indexOf("#") + 1), async (page) => {
    await becomes(page, "rejected");
    assert.match(await page.locator("#cards").innerText(), /does not match/);
  });
});

test("a link that is none is told, and opens an empty page", async () => {
  await visit("v1.not-a-document", async (page) => {
    assert.match(await page.locator("#status-time").innerText(), /link cannot be read|evaluated/);
  });
});

test("evidence that is opened as a file is used", async () => {
  await visit("example=unsigned", async (page) => {
    await becomes(page, "rejected");
    const files = ["require-signed-image.yaml", "resources/signed.yaml", "evidence.json"].map((name) => `${root}policies/require-signed-image/${name}`);
    await page.locator("#import-file").setInputFiles(files);
    await becomes(page, "verified");
  });
});

test("the files of a test folder are opened together, with its time", async () => {
  await visit("example=validate-label", async (page) => {
    await becomes(page, "rejected");
    const names = ["kyverno-test.yaml", "keyless-release.yaml", "resources/released.yaml", "evidence.json"];
    await page.locator("#import-file").setInputFiles(names.map((name) => `${root}policies/keyless-release/${name}`));
    await becomes(page, "verified");
    assert.match(await page.locator("#clock-button").innerText(), /^2026-/);
  });
});

test("flipping a bit of what was signed is caught", async () => {
  await visit("example=static-key", async (page) => {
    await becomes(page, "verified");
    const image = page.locator("#evidence > [role=tree] > [role=treeitem]", { hasText: "shop/checkout:v1" });
    await image.locator("[role=treeitem]", { hasText: "signed payload" }).last().focus();
    await page.keyboard.press("Enter");
    await page.locator("#flip-button").click();
    await becomes(page, "rejected");
    await page.locator("#restore-button").click();
    await becomes(page, "verified");
  });
});

test("certificates and log entries are decoded, and said not to be verified", async () => {
  await visit("example=wrong-identity", async (page) => {
    await becomes(page, "rejected");
    const image = page.locator("#evidence > [role=tree] > [role=treeitem]", { hasText: "shop/search:v1" });
    await image.locator("[role=treeitem]", { hasText: "signed payload" }).last().focus();
    await page.keyboard.press("Enter");
    await page.locator("#artifact .decoded", { hasText: "nightly.yml@refs/heads/main" }).waitFor();
    const text = await page.locator("#artifact .decoded").innerText();
    assert.match(text, /not verified/);
    assert.match(text, /github workflow repository\s+acme\/shop/);
    assert.match(text, /Log entry/);
  });
});

test("answers are exported as reports", async () => {
  await visit("example=wrong-identity", async (page) => {
    await becomes(page, "rejected");
    await page.locator("#share-button").click();
    const exported = async (name) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`[data-export="${name}"]`).click()]);
      return readFileSync(await download.path(), "utf8");
    };
    assert.equal(JSON.parse(await exported("vidimus.sarif")).runs[0].results[0].level, "error");
    assert.match(await exported("policy-reports.yaml"), /^apiVersion: wgpolicyk8s\.io\/v1alpha2\nkind: PolicyReport\n/);
    assert.match(await exported("junit.xml"), /<failure message="failed to verify image/);
    assert.ok(JSON.parse(await exported("evidence.json")).tags);
  });
});

test("the advice says what is hardly meant, and which edit would let the image pass", async () => {
  await visit("example=wrong-identity", async (page) => {
    await becomes(page, "rejected");
    await page.locator("[aria-controls=panel-advice]").click();
    await page.locator("#advice", { hasText: "with this edit the rule passes" }).waitFor();
    const text = await page.locator("#advice").innerText();
    assert.match(text, /nightly\.yml@refs\/heads\/main/);
    assert.match(text, /only if you trust this signer/);
    assert.match(text, /lint-kind-removed/);
  });
});

for (const theme of ["light", "dark"]) {
  test(`no serious fault of accessibility, ${theme}`, async () => {
    await visit("example=wrong-identity", async (page) => {
      await becomes(page, "rejected");
      for (const panel of ["panel-trace", "panel-patch", "panel-plan", "panel-advice", "panel-json"]) {
        await page.locator(`[aria-controls=${panel}]`).click();
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        assert.deepEqual(serious.map(({ id, nodes }) => [panel, id, nodes[0].html]), []);
      }
    }, { colorScheme: theme, bypassCSP: true });
  });
}

test("a phone shows the verdict first, and nothing is cut off", async () => {
  await visit("example=static-key", async (page) => {
    await becomes(page, "verified");
    assert.ok(await headline(page).isVisible());
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page scrolls sideways");
    await page.locator("#narrow-tabs [aria-controls=column-edit]").click();
    assert.ok(await page.locator("#policy").isVisible());
  }, { viewport: { width: 390, height: 844 } });
});

test("nothing is asked of anybody else, and it works offline after the first load", async () => {
  await visit("example=static-key", async (page, context) => {
    await becomes(page, "verified");
    const elsewhere = [];
    page.on("request", (request) => new URL(request.url()).host !== new URL(server.url).host && elsewhere.push(request.url()));
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(async () => (await caches.keys()).length > 0);
    await page.reload();
    await becomes(page, "verified");
    await context.setOffline(true);
    await page.reload();
    await becomes(page, "verified");
    assert.deepEqual(elsewhere.filter((url) => !url.startsWith("blob:") && !url.startsWith("data:")), []);
    assert.equal(await state(page), "verified");
  });
});

test("the scripts beside the engine are within their budget", (t) => {
  const assets = `${root}www/dist/assets/`;
  const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
  const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(assets + name), { level: 9 }).length, 0);
  assert.ok(bytes <= 350_000, `${bytes} bytes`);
  t.diagnostic(`${bytes} bytes of scripts, gzip`);
});

test("a runaway evaluation can be stopped", async () => {
  await visit("example=validate-label", async (page) => {
    await becomes(page, "rejected");
    const metadata = "metadata: { name: d }, spec: {}";
    const many = Array.from({ length: 60_000 }, () => `{ apiVersion: apps/v1, kind: Deployment, ${metadata} }`).join("\n---\n");
    await page.locator("#import-file").setInputFiles([{ name: "resource.yaml", mimeType: "text/yaml", buffer: Buffer.from(many) }]);
    await page.locator("#stop-button").click({ timeout: 20_000 });
    await page.locator("#status-time", { hasText: "stopped" }).waitFor();
    await page.goto(`${server.url}#example=static-key`);
    await becomes(page, "verified");
  });
});
