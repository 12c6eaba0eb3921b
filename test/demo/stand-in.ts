import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { LogLevel, WebClient, type KnownBlock, type ModalView } from "@slack/web-api";
import type { LocalSlack } from "#sim/slack/local-slack.ts";

export type Step = "cap" | "rollback" | "drain";

interface Payload {
  readonly type: string;
  readonly trigger_id: string;
  readonly actions?: readonly { readonly value: string }[];
  readonly view?: {
    readonly private_metadata: string;
    readonly state: { readonly values: Record<string, Record<string, { selected_options: unknown[] }>> };
  };
}

/** A stand-in for the program: it offers steps one after another, opens and fills modals, and takes submissions. */
export interface StandIn extends AsyncDisposable {
  readonly submitted: readonly { readonly step: string; readonly ticked: boolean }[];
}

/** Posts a headline that offers `plan` step by step; `named`: it names commit `sha`. */
export async function startStandIn(
  slack: LocalSlack,
  options: { channel: string; plan: readonly Step[]; named: boolean; sha: string },
): Promise<StandIn> {
  const { channel, plan } = options;
  const web = new WebClient("xoxb-demo", { slackApiUrl: slack.apiUrl, logLevel: LogLevel.ERROR });
  const submitted: { step: string; ticked: boolean }[] = [];
  let ts = "";
  const blocks = () => headline(options, plan[submitted.length]);
  const server = createServer((request, response) => {
    void (async () => {
      const payload = await payloadOf(request);
      if (payload.type !== "view_submission") {
        response.end();
        return await fillModal(web, payload);
      }
      submitted.push(submissionOf(payload));
      response.setHeader("content-type", "application/json").end(JSON.stringify({ response_action: "update", view: said }));
      return void (await web.chat.update({ channel, ts, text: "x", blocks: blocks() }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  slack.setEventsUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const metadata = { event_type: "k8s_why", event_payload: { incident: "i", part: "headline" } };
  const posted = await web.apiCall("chat.postMessage", { channel, text: "x", blocks: blocks(), metadata });
  ts = String((posted as { ts?: string }).ts);
  return {
    submitted,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function headline({ named, sha }: { named: boolean; sha: string }, next: Step | undefined): KnownBlock[] {
  const text = named
    ? `*1. 62 %* <https://github.com/acme/monorepo/commit/${sha}|aaaaaaa> feat`
    : "*No suspect* nothing stands out";
  const what: KnownBlock = { type: "section", text: { type: "mrkdwn", text } };
  if (!next) return [what];
  const value = JSON.stringify({ incident: "i", step: next });
  return [what, { type: "actions", elements: [{ type: "button", text: plain("Go"), action_id: `step:${next}`, value }] }];
}

const plain = (text: string) => ({ type: "plain_text" as const, text });
const section = (text: string): KnownBlock => ({ type: "section", text: plain(text) });
const said: ModalView = { type: "modal", callback_id: "said", title: plain("Step"), blocks: [section("Under way")] };

async function fillModal(web: WebClient, { trigger_id, actions }: Payload): Promise<void> {
  const { step } = JSON.parse(actions?.[0]?.value ?? "{}") as { step: Step };
  const base = {
    type: "modal" as const,
    callback_id: "step",
    title: plain("Step"),
    private_metadata: JSON.stringify({ incident: "i", step }),
  };
  const opened = await web.views.open({ trigger_id, view: { ...base, blocks: [section("Loading")] } });
  const options = [{ text: plain("Done"), value: "confirmed" }];
  const box: KnownBlock = {
    type: "input",
    block_id: "migrations",
    label: plain("Schema"),
    element: { type: "checkboxes", action_id: "confirmed", options },
  };
  const blocks = [section("What will happen"), ...(step === "rollback" ? [box] : [])];
  await web.views.update({ view_id: opened.view?.id ?? "", view: { ...base, submit: plain("Go"), blocks } });
}

function submissionOf({ view }: Payload) {
  const { step } = JSON.parse(view?.private_metadata ?? "{}") as { step: string };
  const chosen = view?.state.values["migrations"]?.["confirmed"]?.selected_options ?? [];
  return { step, ticked: chosen.length > 0 };
}

async function payloadOf(request: IncomingMessage): Promise<Payload> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return JSON.parse(new URLSearchParams(body).get("payload") ?? "{}") as Payload;
}
