import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { isJson, parseJson } from "./json.ts";
import type { Json } from "./types.ts";

/** What Slack sends through a socket instead of over HTTP. */
export type EnvelopeType = "events_api" | "interactive" | "slash_commands";

/** Slack's side of Socket Mode: programs connect to it, and get through it what others get over HTTP. */
export interface SocketSide {
  /** Where a program may connect to, once: the answer of `apps.connections.open`. */
  issueUrl(): string;
  isConnected(): boolean;
  /** Sends to one of the connections; resolves with the payload of its answer, or undefined when none came in time. */
  send(type: EnvelopeType, payload: Json, retry?: { num: number; reason: string }): Promise<Json | undefined>;
  /** Asks all connections to come again, as Slack does about once an hour. */
  refresh(): void;
  /** Ends all connections without a word. */
  cut(): void;
}

const path = "/socket-mode/";

/** Takes WebSocket connections on the server of the Web API. */
export function createSocketSide(server: Server, patienceMs: number): SocketSide {
  const tickets = new Set<string>();
  const sockets = new Set<WebSocket>();
  const answers = createAnswers(patienceMs);
  const accepting = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  server.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const isAllowed = url.pathname === path && tickets.delete(url.searchParams.get("ticket") ?? "");
    if (!isAllowed) return void socket.destroy();
    accepting.handleUpgrade(request, socket, head, (connection) => welcome(connection, sockets, answers));
  });
  const tellAll = (message: Json) => sockets.forEach((socket) => socket.send(JSON.stringify(message)));

  return {
    issueUrl: () => {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `ws://127.0.0.1:${(server.address() as AddressInfo).port}${path}?ticket=${ticket}`;
    },
    isConnected: () => sockets.size > 0,
    send: async (type, payload, retry) => {
      const [socket] = sockets;
      const id = randomUUID();
      const repeat = { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? "" };
      const envelope = { envelope_id: id, type, accepts_response_payload: type !== "events_api", payload, ...repeat };
      socket?.send(JSON.stringify(envelope));
      return socket && answers.of(id);
    },
    refresh: () => tellAll({ type: "disconnect", reason: "refresh_requested" }),
    cut: () => sockets.forEach((socket) => socket.terminate()),
  };
}

function welcome(connection: WebSocket, sockets: Set<WebSocket>, answers: Answers): void {
  sockets.add(connection);
  connection.on("close", () => void sockets.delete(connection));
  connection.on("error", () => connection.terminate());
  connection.on("message", (data: Buffer) => {
    const answer = parseJson(data.toString());
    if (isJson(answer)) answers.take(String(answer.envelope_id), isJson(answer.payload) ? answer.payload : {});
  });
  const info = { app_id: "A0LOCAL" };
  connection.send(JSON.stringify({ type: "hello", num_connections: sockets.size, connection_info: info }));
}

/** What the program answers to envelopes, while Slack waits for it. */
interface Answers {
  readonly of: (envelope: string) => Promise<Json | undefined>;
  readonly take: (envelope: string, payload: Json) => void;
}

function createAnswers(patienceMs: number): Answers {
  const waiting = new Map<string, (answer: Json) => void>();
  return {
    of: async (envelope) => {
      const { promise, resolve } = Promise.withResolvers<Json | undefined>();
      const timer = setTimeout(() => resolve(undefined), patienceMs);
      waiting.set(envelope, resolve);
      return await promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(envelope);
      });
    },
    take: (envelope, payload) => waiting.get(envelope)?.(payload),
  };
}
