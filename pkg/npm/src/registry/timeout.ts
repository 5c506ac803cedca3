/** An attempt as a whole may take this many times the idle time-out: a peer that sends a byte now and then ends too. */
const WHOLE = 10;

/** Ends an attempt that stands still, or goes on for ever. */
export class IdleTimeout {
  private readonly controller = new AbortController();
  private readonly whole: ReturnType<typeof setTimeout>;
  private idle: ReturnType<typeof setTimeout>;
  /** Aborts with the caller's signal too. */
  readonly signal: AbortSignal;
  /** Why the attempt was ended; undefined: it was not. */
  expired: string | undefined;

  constructor(
    private readonly milliseconds: number,
    outer?: AbortSignal,
  ) {
    this.signal = outer === undefined ? this.controller.signal : AbortSignal.any([outer, this.controller.signal]);
    this.idle = this.start();
    const limit = milliseconds * WHOLE;
    this.whole = setTimeout(() => this.expire(`no whole answer within ${limit} ms`), limit);
  }

  /** Something came: the idle time begins anew. */
  touch(): void {
    clearTimeout(this.idle);
    this.idle = this.start();
  }

  /** The attempt is over. */
  clear(): void {
    clearTimeout(this.idle);
    clearTimeout(this.whole);
  }

  private start(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.expire(`no answer within ${this.milliseconds} ms`), this.milliseconds);
  }

  private expire(why: string): void {
    this.expired ??= why;
    this.controller.abort(new Error(why));
  }
}
