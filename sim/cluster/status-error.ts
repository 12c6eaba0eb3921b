import { qualifiedName, type Resource } from "./resources.ts";

/** One reason in a Status' details: a field that is wrong, or a budget that says no. */
export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

/** What a Status may carry beside its message. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** A refusal as the API server words it; the HTTP door sends it as a `Status`. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  /** The token with which an expired list may go on, inconsistently. */
  readonly continueToken: string | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails, continueToken?: string) {
    super(message);
    this.name = "StatusError";
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.continueToken = continueToken;
  }
}

/** The `Status` object of a refusal. */
export function toStatus(error: StatusError): Record<string, unknown> {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: error.continueToken ? { continue: error.continueToken } : {},
    status: "Failure",
    message: error.message,
    ...(error.reason ? { reason: error.reason } : {}),
    ...(error.details ? { details: error.details } : {}),
    code: error.code,
  };
}

function about(resource: Resource, name: string): StatusDetails {
  return { name, ...(resource.group ? { group: resource.group } : {}), kind: resource.plural };
}

/** 404. */
export function notFound(resource: Resource, name: string): StatusError {
  return new StatusError(404, "NotFound", `${qualifiedName(resource)} "${name}" not found`, about(resource, name));
}

/** 409 for a create. */
export function alreadyExists(resource: Resource, name: string): StatusError {
  return new StatusError(409, "AlreadyExists", `${qualifiedName(resource)} "${name}" already exists`, about(resource, name));
}

/** 409 for a write that rests on something that is no longer so. */
export function conflict(resource: Resource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${why}`;
  return new StatusError(409, "Conflict", message, about(resource, name));
}

/** 409 for a stale resourceVersion. */
export function stale(resource: Resource, name: string): StatusError {
  return conflict(resource, name, "the object has been modified; please apply your changes to the latest version and try again");
}

/** 422, with one cause for each field that is wrong. */
export function invalid(resource: Resource, name: string, causes: readonly StatusCause[]): StatusError {
  const messages = causes.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  const text = messages.length === 1 ? messages.join("") : `[${messages.join(", ")}]`;
  const kind = resource.group ? `${resource.kind}.${resource.group}` : resource.kind;
  const details = { name, ...(resource.group ? { group: resource.group } : {}), kind: resource.kind, causes };
  return new StatusError(422, "Invalid", `${kind} "${name}" is invalid: ${text}`, details);
}

/** 400. */
export function badRequest(message: string): StatusError {
  return new StatusError(400, "BadRequest", message);
}

/** 403. */
export function forbidden(message: string, details?: StatusDetails): StatusError {
  return new StatusError(403, "Forbidden", message, details);
}

/** 410: the history that a watch or a list page needs is gone. */
export function expired(message: string, continueToken?: string): StatusError {
  return new StatusError(410, "Expired", message, undefined, continueToken);
}
