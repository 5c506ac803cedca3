// Runs in a worker, off the page's thread.

import { advice } from "./advice.js";
import { decode } from "./decode.js";
import { evaluate, setEvidence } from "./evaluate.js";
import { fetchMissing } from "./fetch.js";
import { importFiles } from "./import.js";
import { moments } from "./moments.js";
import { plans } from "./plan.js";
import type { Call, Methods, Reply } from "./protocol.js";

type Method<K extends keyof Methods> = (argument: Methods[K][0]) => Promise<Methods[K][1]> | Methods[K][1];

const METHODS: { [K in keyof Methods]: Method<K> } = {
  advice,
  decode,
  evidence: setEvidence,
  evaluate,
  fetch: fetchMissing,
  import: importFiles,
  moments,
  plan: plans,
};

// One call after the other: methods share the compiled policies and the evidence.
let queue = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<Call>) => {
  queue = queue.then(() => answer(data)).then((reply) => self.postMessage(reply));
};

async function answer({ id, method, argument }: Call): Promise<Reply> {
  try {
    const run = METHODS[method as keyof Methods] as (argument: unknown) => unknown;
    return { id, value: await run(argument) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
