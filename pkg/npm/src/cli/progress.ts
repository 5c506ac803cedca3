import type { AnswerDocument } from "../engine/types.js";

/** A line of progress on standard error, where that is a terminal. */
export class Progress {
  private evaluatedCount = 0;
  private images = 0;
  private requests = 0;
  private readonly shown = process.stderr.isTTY;

  constructor(private readonly total: number) {}

  request(): void {
    this.requests += 1;
    this.show();
  }

  evaluated({ images }: AnswerDocument): void {
    this.evaluatedCount += 1;
    this.images += images.length;
    this.show();
  }

  done(): void {
    if (this.shown) process.stderr.write("\r\u001b[K");
  }

  private show(): void {
    if (!this.shown) return;
    const judged = `${this.evaluatedCount} of ${this.total} resources, ${this.images} images`;
    process.stderr.write(`\r\u001b[K${judged}, ${this.requests} requests`);
  }
}
