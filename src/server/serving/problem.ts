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

/** Paths of KServe's protocol, whose errors are one sentence: `{"error": "…"}`. */
export const isKserve = (path: string): boolean => /^\/v2(?=[/?]|$)/.test(path);

/** What a client reads in every answer that is no result: one sentence and its status. @param path that was asked. */
export const problemBody = (path: string, status: number, message: string) => ({
  error: isKserve(path) ? message : { status, message },
});
