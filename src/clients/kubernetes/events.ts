import { expectKube } from "./answer.ts";
import type { WriteOptions } from "./api.ts";
import type { KubeConnection } from "./connection.ts";
import { pathOf } from "./path.ts";

/** Creates a core/v1 Event; StaleError when it is there. */
export function createEvent(
  connection: KubeConnection,
  namespace: string,
  event: object,
  { fieldManager }: Pick<WriteOptions, "fieldManager"> = {},
): Promise<unknown> {
  const path = pathOf("v1", namespace, "events");
  return expectKube(connection, { method: "POST", path, query: { fieldManager }, body: event });
}
