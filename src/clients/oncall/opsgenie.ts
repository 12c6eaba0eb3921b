import { getJson } from "./get-json.ts";

/** Asks Opsgenie. */
export interface OpsgenieClient {
  /** `GET /v2/schedules/{id}/on-calls?flat=true` of this moment; unchecked. */
  onCalls(schedule: string): Promise<unknown>;
}

/** Ids of Opsgenie are UUIDs; everything else is a name. */
const id = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Talks to Opsgenie's "who is on call" API (https://docs.opsgenie.com/docs/who-is-on-call-api). A key that may read will do. */
export function createOpsgenieClient({ apiUrl, key }: { readonly apiUrl: string; readonly key: string }): OpsgenieClient {
  const base = apiUrl.replace(/\/+$/, "");
  const headers = { accept: "application/json", authorization: `GenieKey ${key}` };
  return {
    onCalls: (schedule) => {
      const url = new URL(`${base}/v2/schedules/${encodeURIComponent(schedule)}/on-calls`);
      url.searchParams.append("scheduleIdentifierType", id.test(schedule) ? "id" : "name");
      url.searchParams.append("flat", "true");
      return getJson("Opsgenie", url, headers);
    },
  };
}
