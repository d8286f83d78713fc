import { FoveaError } from '../../core/errors.ts';

/** An error with the HTTP status that tells it. */
export class Problem extends FoveaError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, mend = '', headers: Readonly<Record<string, string>> = {}) {
    super(message, mend);
    this.status = status;
    this.headers = headers;
  }
}

/** What a client reads: one sentence and its status, in every answer that is no result. */
export const problemBody = (status: number, message: string) => ({ error: { status, message } });
