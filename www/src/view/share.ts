import { byId, fill, h } from "../dom.js";
import type { PlaygroundDocument } from "../document.js";
import { toFragment } from "../share/fragment.js";
import { openPopover } from "./popover.js";

/** Longer links are cut by mail programs and chats. */
const LONG_LINK = 60_000;

/** A file that can be exported: its name, and what makes its content. */
export interface Export {
  label: string;
  name: string;
  type: string;
  content(): Promise<BlobPart> | BlobPart;
}

/** The link to what is on the page, and the files that can be made of it. */
export async function openShare(document: PlaygroundDocument, exports: Export[]): Promise<void> {
  const link = `${location.href.split("#")[0]}#${await toFragment(document)}`;
  const size = `${(link.length / 1024).toFixed(1)} KiB`;
  const field = h("textarea", { readonly: true, rows: 4, "aria-label": "Link" });
  field.value = link;
  const done = h("span", { role: "status", class: "faint" });
  const copy = async () => {
    await navigator.clipboard?.writeText(link);
    fill(done, " copied");
  };
  const long = link.length > LONG_LINK && h("p", { class: "faint" }, "That is long for a link: send the evidence as a file, and the link without it.");
  openPopover(byId("share-button"), "Share", h("h2", {}, "Link to this page"),
    h("p", { class: "faint" }, `Policy, resource, evidence and clock are in the link itself (${size}); nothing is uploaded.`), field, long,
    h("p", {}, h("button", { type: "button", class: "action", onclick: () => void copy() }, "Copy link"), done),
    h("h2", {}, "Export"),
    h("ul", {}, ...exports.map((file) => h("li", {}, h("button", { type: "button", "data-export": file.name, onclick: () => void save(file) }, file.label, h("small", {}, file.name))))));
}

async function save({ name, type, content }: Export): Promise<void> {
  const url = URL.createObjectURL(new Blob([await content()], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
