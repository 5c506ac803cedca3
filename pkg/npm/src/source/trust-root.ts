import type { Artifacts } from "../engine/artifacts.js";
import type { NeedDocument } from "../engine/types.js";
import { PUBLIC_GOOD } from "../trust/public-good.js";
import type { ArtifactSource } from "./source.js";

/** Answers what the engine asks of Sigstore: the keys and authorities to rely on. */
export class TrustRootSource implements ArtifactSource {
  readonly name: string;
  /** Whether anybody asked: a verdict that rests on no trust root needs none in its record. */
  asked = false;

  /** `text` is a Sigstore TrustedRoot; without one that of the public-good instance counts. */
  constructor(
    readonly text: string = PUBLIC_GOOD.text,
    origin: string = `Sigstore's public-good instance, as of ${PUBLIC_GOOD.date}`,
  ) {
    this.name = origin;
  }

  async answer(need: NeedDocument, artifacts: Artifacts): Promise<boolean> {
    if (need.kind !== "trust-root") return false;
    this.asked = true;
    artifacts.setTrustRoot(this.text);
    return true;
  }
}
