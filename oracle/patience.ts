/** How long somebody who knows enough waits for what may still come. */

/** Milliseconds: what lies in a pipe comes in that time, and a person does not notice it. */
const MOMENT = 100;

export class Patience {
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** Aborted when the moment is over. */
  get over(): AbortSignal {
    return this.#abort.signal;
  }

  /** Enough is known. What has arrived by the end of the moment is still read, however busy this process was. */
  begins(): void {
    this.#timer ??= setTimeout(() => setImmediate(() => this.#abort.abort()), MOMENT);
  }

  /** Nothing is waited for any more. */
  ends(): void {
    clearTimeout(this.#timer);
  }
}
