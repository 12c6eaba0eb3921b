import { getJson } from "./get-json.ts";

/** Of a schedule, an escalation policy, or a schedule in a policy. */
export interface OnCallsQuery {
  readonly schedule?: string;
  readonly policy?: string;
}

/** Asks PagerDuty. */
export interface PagerDutyClient {
  /** `GET /oncalls` of this moment, with the users in full; unchecked, one page of a hundred. */
  onCalls(query: OnCallsQuery): Promise<unknown>;
}

/** Talks to PagerDuty's REST API v2 (https://developer.pagerduty.com/api-reference/3a6b910f11050-list-all-of-the-on-calls). A read-only token will do. */
export function createPagerDutyClient({ apiUrl, token }: { readonly apiUrl: string; readonly token: string }): PagerDutyClient {
  const base = apiUrl.replace(/\/+$/, "");
  const headers = { accept: "application/vnd.pagerduty+json;version=2", authorization: `Token token=${token}` };
  return {
    onCalls: ({ schedule, policy }) => {
      const url = new URL(`${base}/oncalls`);
      if (schedule !== undefined) url.searchParams.append("schedule_ids[]", schedule);
      if (policy !== undefined) url.searchParams.append("escalation_policy_ids[]", policy);
      url.searchParams.append("include[]", "users");
      url.searchParams.append("limit", "100");
      return getJson("PagerDuty", url, headers);
    },
  };
}
