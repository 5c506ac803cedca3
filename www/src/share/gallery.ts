import { checked } from "./fragment.js";
import type { PlaygroundDocument } from "../document.js";
import type { Example } from "../view/examples.js";

/** The examples that come with the page. */
export async function loadGallery(): Promise<Example[]> {
  return (await (await fetch("./gallery/index.json")).json()) as Example[];
}

/** An example, with its evidence. */
export async function loadExample(id: string): Promise<PlaygroundDocument> {
  const response = await fetch(`./gallery/${encodeURIComponent(id)}.json`);
  if (!response.ok) throw new Error(`there is no example \`${id}\``);
  return checked(await response.json());
}
