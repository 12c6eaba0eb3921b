import { HTTPModuleFunctions, HTTPReceiver, isRawBodyError, type Logger } from "@slack/bolt";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "#lib/clock.ts";
import { messageOf } from "#lib/errors.ts";

/** Answers one HTTP request. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** What tells Slack's requests from others. */
interface ReceiverOptions {
  readonly signingSecret: string;
  readonly logger: Logger;
}

/** Slack's largest payload is a submitted modal of 250 kB. */
const bodyLimit = 1024 * 1024;
const fiveMinutes = 300;

/** Bolt's receiver without its server: `POST /slack/events` takes events, interactivity and commands. It answers 401 to what is not signed or older than 5 minutes. */
export function createReceiver(options: ReceiverOptions): HTTPReceiver {
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
export function toListener(receiver: HTTPReceiver, wall: Clock, options: ReceiverOptions): Listener {
  return (request, response) => {
    if (Number(request.headers["content-length"] ?? 0) > bodyLimit) return answer(response, 413);
    if (Number(request.headers["x-slack-request-timestamp"] ?? 0) > wall.now() / 1000 + fiveMinutes) return answer(response, 401);
    void hear(receiver, options, request, response);
  };
}

async function hear(receiver: HTTPReceiver, options: ReceiverOptions, request: IncomingMessage, response: ServerResponse) {
  const refusal = await findRefusal(request, options);
  if (refusal !== undefined) return answer(response, refusal);
  try {
    receiver.requestListener(request, response);
  } catch {
    answer(response, 404);
  }
}

/** Bolt lets a signed body that is JSON but no object, such as `null`, end the process: so it is looked at here. The body stays with the request. */
async function findRefusal(request: IncomingMessage, { signingSecret, logger }: ReceiverOptions): Promise<number | undefined> {
  try {
    const read = await HTTPModuleFunctions.parseAndVerifyHTTPRequest({ enabled: true, signingSecret, bodyLimit }, request);
    return isObject(() => HTTPModuleFunctions.parseHTTPRequestBody(read)) ? undefined : 400;
  } catch (error) {
    logger.warn(`Refused a request: ${messageOf(error)}`);
    return isRawBodyError(error) && error.statusCode === 413 ? 413 : 401;
  }
}

function isObject(parse: () => unknown): boolean {
  try {
    const body = parse();
    return typeof body === "object" && body !== null;
  } catch {
    return false;
  }
}

function answer(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status).end();
}
