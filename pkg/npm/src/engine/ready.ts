import { load } from "#load";

let loading: Promise<void> | undefined;
let loaded = false;

/** Compiles the engine; further calls wait for the first one. */
export function ready(): Promise<void> {
  loading ??= load().then(() => {
    loaded = true;
  });
  return loading;
}

/** Is the engine compiled? */
export function isReady(): boolean {
  return loaded;
}
