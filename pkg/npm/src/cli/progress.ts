import type { NeedDocument } from "../engine/types.js";

/** A line of progress on standard error, where that is a terminal. */
export class Progress {
  private evaluatedCount = 0;
  private requests = 0;
  private readonly shown = process.stderr.isTTY;

  constructor(private readonly total: number) {}

  request(_need: NeedDocument): void {
    this.requests += 1;
    this.show();
  }

  evaluated(): void {
    this.evaluatedCount += 1;
    this.show();
  }

  done(): void {
    if (this.shown) process.stderr.write("\r\u001b[K");
  }

  private show(): void {
    if (!this.shown) return;
    process.stderr.write(`\r\u001b[K${this.evaluatedCount} of ${this.total} resources, ${this.requests} requests`);
  }
}
