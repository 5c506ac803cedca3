import type { EvidenceDocument } from "vidimus";
import type { Call, Methods, Reply } from "./protocol.js";

/** The answer is no longer wanted: a newer question was asked, or the worker was stopped. */
export class Superseded extends Error {}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The engine in its worker. */
export class Engine {
  private worker: Worker | undefined;
  private evidence: EvidenceDocument | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(private readonly start: () => Worker) {}

  /** Asks; answers come in the order of the questions. */
  call<K extends keyof Methods>(method: K, argument: Methods[K][0]): Promise<Methods[K][1]> {
    const id = ++this.last;
    const answer = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.running().postMessage({ id, method, argument } satisfies Call);
    return answer as Promise<Methods[K][1]>;
  }

  /** Sets the evidence; a worker that is started later gets it too. */
  setEvidence(evidence: EvidenceDocument | undefined): void {
    this.evidence = evidence;
    void this.call("evidence", evidence).catch(() => undefined);
  }

  /** Ends whatever runs; the next question starts anew. */
  stop(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.waiting.forEach(({ reject }) => reject(new Superseded("stopped")));
    this.waiting.clear();
  }

  private running(): Worker {
    if (this.worker !== undefined) return this.worker;
    const worker = (this.worker = this.start());
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.settle(data);
    worker.onerror = (event) => {
      const waiting = [...this.waiting.values()];
      this.waiting.clear();
      waiting.forEach(({ reject }) => reject(new Error(event.message || "the worker could not be started")));
    };
    if (this.evidence !== undefined) void this.call("evidence", this.evidence).catch(() => undefined);
    return worker;
  }

  private settle(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ("error" in reply) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.value);
  }
}
