import type { IncomingMessage, ServerResponse } from "node:http";
import { refuse, review, toAttributes, type Access, type Caller } from "./access.ts";
import { bind } from "./binding.ts";
import { readCall, send, type Answer, type Call, type Target } from "./call.ts";
import { discover } from "./discovery.ts";
import { evict } from "./eviction.ts";
import { parsePath } from "./paths.ts";
import { remove, removeAll } from "./remove.ts";
import { scale } from "./scale.ts";
import { StatusError } from "./status-error.ts";
import { change, create, find, type WriteContext } from "./write.ts";
import { befall } from "./mishaps.ts";
import type { FaultGate } from "./faults.ts";
import type { Lister } from "./list.ts";
import type { WatchHub } from "./watch.ts";

/** What a request may need. */
export interface Parts extends WriteContext {
  readonly access: Access;
  readonly hub: WatchHub;
  readonly lister: Lister;
  readonly gate: FaultGate;
  readonly extraRoutes: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;
}

/** Answers one request. Throws what is to be sent as a Status. */
export async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://simulated");
  if (parts.extraRoutes(request, response, url)) return;
  if (!(await parts.gate.admit(response))) return;
  const caller = parts.access.authenticate(request.headers.authorization);
  checkAccept(request.headers.accept);
  const found = request.method === "GET" ? discover(url.pathname) : undefined;
  if (found !== undefined) return send(response, { code: 200, body: found });
  const call = await readCall(request, url);
  const reviewed = answerReview(parts, url.pathname, call, caller);
  if (reviewed) return send(response, reviewed);
  const target = parsePath(url.pathname);
  if (!target) throw new StatusError(404, "NotFound", "the server could not find the requested resource", {});
  serveTarget(parts, target, call, caller, response);
}

function serveTarget(parts: Parts, target: Target, call: Call, caller: Caller, response: ServerResponse): void {
  const watch = call.method === "GET" && isTrue(call.query.get("watch"));
  const attributes = toAttributes(call.method, target, watch);
  if (!parts.access.isAllowed(caller, attributes)) throw refuse(caller, attributes, target);
  if (watch) parts.hub.watch(target, call.query, response);
  else sendAnswer(parts, target, call, response);
}

function sendAnswer(parts: Parts, target: Target, call: Call, response: ServerResponse): void {
  const mishap = parts.gate.mishaps.take(call, target);
  const answered = mishap ? befall(mishap, () => answer(parts, target, call)) : answer(parts, target, call);
  if (answered) send(response, answered);
  else response.destroy();
}

function answerReview({ access }: Parts, pathname: string, call: Call, caller: Caller): Answer | undefined {
  const asked = /^\/apis\/authorization\.k8s\.io\/v1\/(self)?subjectaccessreviews$/.exec(pathname);
  if (!asked || call.method !== "POST") return undefined;
  return review(asked[1] ? "SelfSubjectAccessReview" : "SubjectAccessReview", call.body, caller, access);
}

function isTrue(text: string | null): boolean {
  return text === "true" || text === "1";
}

function checkAccept(accept: string | undefined): void {
  const wanted = (accept ?? "*/*").split(",").map((part) => part.split(";", 1).join("").trim());
  if (wanted.some((type) => type === "*/*" || type === "application/*" || type === "application/json")) return;
  throw new StatusError(406, "NotAcceptable", "406: Not Acceptable\n\nAvailable representations: application/json", {});
}

type Act = (parts: Parts, target: Target, call: Call) => Answer;

const onCollection: Readonly<Record<string, Act>> = {
  GET: ({ lister }, target, { query }) => lister.list(target, query),
  POST: create,
  DELETE: removeAll,
};

const onObject: Readonly<Record<string, Act>> = {
  GET: ({ store }, target) => ({ code: 200, body: find(store, target) }),
  PUT: change,
  PATCH: change,
  DELETE: remove,
};

const onSubresource: Readonly<Record<string, Readonly<Record<string, Act>>>> = {
  status: { GET: onObject["GET"] ?? change, PUT: change, PATCH: change },
  scale: { GET: scale, PUT: scale, PATCH: scale },
  eviction: { POST: evict },
  binding: { POST: bind },
};

function answer(parts: Parts, target: Target, call: Call): Answer {
  const { name, subresource } = target;
  const acts = subresource === undefined ? (name === undefined ? onCollection : onObject) : onSubresource[subresource];
  const act = acts?.[call.method];
  if (!act) throw new StatusError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});
  return act(parts, target, call);
}
