import { HTTPReceiver, type Logger } from "@slack/bolt";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "#lib/clock.ts";

/** Answers one HTTP request. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Slack's largest payload is a submitted modal of 250 kB. */
const bodyLimit = 1024 * 1024;
const fiveMinutes = 300;

/** Bolt's receiver without its server: `POST /slack/events` takes events, interactivity and commands. It answers 401 to what is not signed or older than 5 minutes. */
export function createReceiver(options: { signingSecret: string; logger: Logger }): HTTPReceiver {
  return new HTTPReceiver({
    signingSecret: options.signingSecret,
    endpoints: ["/slack/events"],
    logger: options.logger,
    bodyLimit,
    // Nobody listens to it: a yes, or Slack says that the app failed.
    unhandledRequestHandler: ({ response }) => void (response.headersSent || response.writeHead(200).end()),
  });
}

/** The receiver as a plain listener; refuses large bodies before they are read, and signatures from the future, which Bolt lets through. 404 elsewhere. */
export function toListener(receiver: HTTPReceiver, wall: Clock): Listener {
  return (request, response) => {
    if (Number(request.headers["content-length"] ?? 0) > bodyLimit) return answer(response, 413);
    if (Number(request.headers["x-slack-request-timestamp"] ?? 0) > wall.now() / 1000 + fiveMinutes) return answer(response, 401);
    try {
      receiver.requestListener(request, response);
    } catch {
      answer(response, 404);
    }
  };
}

function answer(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status).end();
}
