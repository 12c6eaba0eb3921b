import type { Json } from "./types.ts";

/** A call that Slack answers with `ok: false`; `error` is Slack's own name for it. */
export class SlackFailure extends Error {
  readonly error: string;
  readonly extra: Json;

  constructor(error: string, extra: Json = {}) {
    super(error);
    this.error = error;
    this.extra = extra;
  }
}

/** A failure with sentences, as in `response_metadata.messages`. */
export function failWith(error: string, messages: readonly string[]): SlackFailure {
  return new SlackFailure(error, messages.length > 0 ? { errors: messages, response_metadata: { messages } } : {});
}
