import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SlackFailure } from "./failure.ts";
import { createFaults, type Fault, type Faults } from "./faults.ts";
import { receiveBytes } from "./methods/files.ts";
import { parseArguments, readBody, readBytes } from "./read-body.ts";
import { createResponseUrls, type ResponseUrls } from "./response-urls.ts";
import { createHands, type Hands } from "./send/hands.ts";
import type { SenderContext } from "./send/payload.ts";
import { createSocketSide, type SocketSide } from "./socket.ts";
import { createTriggers } from "./triggers.ts";
import type {
  Message,
  RequestRecord,
  SlackChange,
  SlackChannel,
  SlackClock,
  SlackFile,
  SlackUser,
  SlackUserGroup,
  View,
} from "./types.ts";
import { answerWebApi } from "./web-api.ts";
import { changeChannel, createWorkspace, type Workspace } from "./workspace.ts";

/** What a local Slack is made of. */
export interface LocalSlackOptions {
  readonly clock: SlackClock;
  readonly users: readonly SlackUser[];
  readonly channels: readonly SlackChannel[];
  readonly userGroups?: readonly SlackUserGroup[];
  readonly signingSecret: string;
  readonly botToken: string;
  /** App-level token: with it the program may connect by Socket Mode, and then gets everything there. */
  readonly appToken?: string;
  /** The program's `POST /slack/events`; may be set later. */
  readonly eventsUrl?: string;
  readonly scopes?: readonly string[];
  readonly botName?: string;
  /** How long Slack waits for the program, in ms: 3,000. */
  readonly patienceMs?: number;
  /** How long a trigger_id lives, in ms: 3,000. */
  readonly triggerLifetimeMs?: number;
  /** How long Slack looks at an uploaded file before an image block may name it, in ms: none. */
  readonly fileProcessingMs?: number;
  /** Whether messages may show Slack's own chart, which came to workspaces one after the other; they may when left out. */
  readonly takesCharts?: boolean;
  /** Wall clock in ms; `Date.now` when left out. */
  readonly wallNow?: () => number;
}

/** A workspace of Slack on loopback: its Web API, and hands for the people in it. */
export interface LocalSlack extends AsyncDisposable, Hands {
  /** Base address: `http://127.0.0.1:port`. */
  readonly url: string;
  /** `slackApiUrl` of a WebClient, with its closing slash. */
  readonly apiUrl: string;
  readonly botUser: string;
  readonly users: readonly SlackUser[];
  readonly userGroups: readonly SlackUserGroup[];
  readonly channels: readonly SlackChannel[];
  setEventsUrl(url: string): void;
  /** Slack's end of Socket Mode. */
  readonly socket: SocketSide;
  /** Messages of a channel by ts, each with all its versions; ephemeral ones too. */
  messages(channel: string): Message[];
  /** Modals that were opened, in this order, open or not. */
  readonly views: View[];
  /** What the app's page shows to a user; undefined until something was published. */
  home(user: string): View | undefined;
  /** A file with its bytes; undefined until its upload was finished. */
  file(id: string): SlackFile | undefined;
  /** Archives a channel, opens it again, takes the bot out or invites it. */
  changeChannel(id: string, change: { archived?: boolean; bot?: "removed" | "invited" }): void;
  /** As if the workspace learnt, or lost, Slack's own chart. */
  takeCharts(takes: boolean): void;
  /** Calls of the Web API, oldest first. */
  readonly requests: readonly RequestRecord[];
  onChange(listener: (change: SlackChange) => void): Disposable;
  inject(fault: Fault): Disposable;
}

/** Starts a Slack on a free port of loopback. */
export async function startLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const wallNow = options.wallNow ?? Date.now;
  const workspace = createWorkspace({ ...options, wallNow });
  const triggers = createTriggers(wallNow, options.triggerLifetimeMs ?? 3000);
  const faults = createFaults();
  let url = "";
  let eventsUrl = options.eventsUrl;
  const responseUrls = createResponseUrls(workspace, () => url);
  const server = createServer((request, response) => {
    const tokens = { botToken: options.botToken, ...(options.appToken !== undefined && { appToken: options.appToken }) };
    const context = { workspace, triggers, faults, baseUrl: url, socket, ...tokens };
    route(request, response, context, responseUrls).catch((error: unknown) => {
      console.error("Local Slack failed", error);
      response.destroy();
    });
  });
  const socket = createSocketSide(server, options.patienceMs ?? 3000);
  url = await listen(server);
  const wire = {
    eventsUrl: () => eventsUrl,
    socket,
    signingSecret: options.signingSecret,
    patienceMs: options.patienceMs ?? 3000,
    wallNow,
  };
  const stop = async (): Promise<void> => {
    socket.cut();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return assemble({ workspace, triggers, responseUrls, wire }, faults, {
    url,
    socket,
    stop,
    setEventsUrl: (next) => void (eventsUrl = next),
  });
}

interface Outside {
  readonly url: string;
  readonly socket: SocketSide;
  readonly setEventsUrl: (url: string) => void;
  readonly stop: () => Promise<void>;
}

function assemble(context: SenderContext, faults: Faults, outside: Outside): LocalSlack {
  const { workspace } = context;
  return {
    url: outside.url,
    apiUrl: `${outside.url}/api/`,
    botUser: workspace.app.botUser,
    users: [...workspace.users.values()],
    userGroups: workspace.userGroups,
    get channels() {
      return [...workspace.channels.values()];
    },
    setEventsUrl: outside.setEventsUrl,
    socket: outside.socket,
    messages: (channel) => [...workspace.messages.values()].filter((message) => message.channel === channel),
    get views() {
      return [...workspace.views.values()];
    },
    home: (user) => workspace.homes.get(user),
    file: (id) => {
      const file = workspace.files.get(id);
      return file?.completedAt === undefined ? undefined : file;
    },
    takeCharts: (takes) => void (workspace.takesCharts = takes),
    changeChannel: (id, change) => changeChannel(workspace, id, change),
    requests: workspace.requests,
    onChange: (listener) => workspace.onChange(listener),
    inject: (fault) => faults.inject(fault),
    ...createHands(context),
    [Symbol.asyncDispose]: outside.stop,
  };
}

interface RouteContext {
  readonly workspace: Workspace;
  readonly triggers: SenderContext["triggers"];
  readonly faults: Faults;
  readonly baseUrl: string;
  readonly botToken: string;
  readonly appToken?: string;
  readonly socket: SocketSide;
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  context: RouteContext,
  urls: ResponseUrls,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname.startsWith("/api/")) return await answerWebApi(request, response, url, context);
  if (url.pathname.startsWith("/actions/") && request.method === "POST")
    return await answerResponseUrl(request, response, url, urls);
  if (url.pathname.startsWith("/upload/v1/") && request.method === "POST")
    return await takeUpload(request, response, url, context.workspace);
  response.writeHead(404).end();
}

async function takeUpload(request: IncomingMessage, response: ServerResponse, url: URL, workspace: Workspace): Promise<void> {
  const id = url.pathname.replace("/upload/v1/", "");
  const body = await readBytes(request);
  const size = body && (await receiveBytes(workspace, id, request.headers["content-type"] ?? "", body));
  if (size === undefined) response.writeHead(400, { "content-type": "text/plain" }).end("error");
  else response.writeHead(200, { "content-type": "text/plain" }).end(`OK - ${size}`);
}

async function answerResponseUrl(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  urls: ResponseUrls,
): Promise<void> {
  const args = parseArguments(request.headers["content-type"] ?? "", (await readBody(request)) ?? "", url.searchParams);
  try {
    urls.answer(url.pathname, args ?? {});
    response.writeHead(200, { "content-type": "text/plain" }).end("ok");
  } catch (error) {
    if (!(error instanceof SlackFailure)) throw error;
    const gone = error.error === "expired_url" || error.error === "used_url";
    const body = JSON.stringify({ ok: false, error: error.error, ...error.extra });
    response.writeHead(gone ? 404 : 400, { "content-type": "application/json" }).end(body);
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
