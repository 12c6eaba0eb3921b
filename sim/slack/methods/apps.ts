import type { Method } from "./method.ts";

/** Methods that an app calls for itself. */
export const appMethods: Readonly<Record<string, Method>> = {
  "apps.connections.open": { token: "app", call: (_args, { socket }) => ({ url: socket.issueUrl() }) },
};
