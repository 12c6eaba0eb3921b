import { type Block, type Card, context, header, section } from "#bot/blocks.ts";
import type { Shared, SharedKind, StormView } from "#domain/storm.ts";
import { count, counted, duration, shortName, when } from "#bot/words.ts";
import { cut } from "#bot/fit.ts";
import { escape } from "#bot/escape.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { Named } from "#domain/told.ts";
import { listNames } from "./told.ts";
import { stateWord } from "./state-line.ts";
import { troubleTitle } from "./trouble.ts";

/** Slack takes 100 rows; as many as fit into one message with everything around (about 13,200 characters in all). */
const mostRows = 40;
const mostCharacters = 8_000;

/** Many incidents at once in one message: what they share, and a table. */
export function renderStorm(view: StormView, now: Instant): Card {
  const title = titleOf(view);
  const shared = view.shared.map(sharedLine);
  const rows = rowsOf(view.incidents);
  // Slack may take its first message only when all is over: nobody is called for that.
  const isOver = view.incidents.every(({ status }) => status === "settled");
  const called = isOver || view.called.length === 0 ? [] : [`On call: ${listNames(view.called)}`];
  return {
    text: [title, ...shared, ...called].join(" "),
    blocks: [
      header(title),
      context(sinceLine(view, now)),
      ...called.map(section),
      section(shared.length === 0 ? "They have nothing in common that I know of." : shared.map((line) => `• ${line}`).join("\n")),
      ...(rows.length > 1 ? [table(rows)] : []),
      context(footnote(view, rows.length - 1)),
    ],
  };
}

/** Said in the thread when what had called nobody has become urgent. */
export function renderStormCall(urgent: readonly Incident[], onCall: readonly Named[]): Card {
  const names = urgent.slice(0, 5).map(({ workload }) => shortName(workload));
  const more = urgent.length > 5 ? ` and ${count(urgent.length - 5)} more` : "";
  const called = onCall.length === 0 ? "" : `${listNames(onCall)}: `;
  const text = `${called}this cannot wait any more: ${names.join(", ")}${more}.`;
  return { text, blocks: [section(text)] };
}

function titleOf({ incidents, startedAt, overAt }: StormView): string {
  const many = counted(incidents.length, "incident");
  return overAt === undefined ? `A storm: ${many} at once` : `The storm is over: ${many} in ${duration(overAt - startedAt)}`;
}

function sinceLine({ startedAt, overAt, incidents }: StormView, now: Instant): string {
  const open = incidents.filter(({ status }) => status !== "settled").length;
  const how = `${count(open)} open, ${count(incidents.length - open)} settled`;
  return overAt === undefined
    ? `:red_circle: *On* since ${when(startedAt, now)} · ${how} · read at ${when(now, now)}`
    : `${open > 0 ? ":large_orange_circle:" : ":large_green_circle:"} *Over* · from ${when(startedAt, now)} to ${when(overAt, now)} · ${how}`;
}

/** `12 of 15 share the node pool blue.` */
export function sharedLine({ kind, name, count: some, of }: Shared): string {
  return `${count(some)} of ${count(of)} ${sharedWords[kind]} \`${escape(name, 150)}\`.`;
}

const sharedWords: Readonly<Record<SharedKind, string>> = {
  change: "share the suspect",
  "node-pool": "share the node pool",
  image: "share the image",
  quota: "share the quota",
  trouble: "have the same trouble:",
  namespace: "are in the namespace",
  cluster: "are in the cluster",
};

type Rows = Extract<Block, { type: "table" }>["rows"];

/** https://docs.slack.dev/reference/block-kit/blocks/table-block: one a message, 100 rows. Cells are plain: nothing in them is markup. */
function rowsOf(incidents: readonly Incident[]): Rows {
  const openFirst = incidents.toSorted((a, b) => Number(a.status === "settled") - Number(b.status === "settled"));
  const rows = openFirst.slice(0, mostRows).map((incident) => cells(rowOf(incident)));
  while (JSON.stringify(rows).length > mostCharacters) rows.pop();
  return [cells(["Workload", "Now", "Usual", "Status"]), ...rows];
}

function cells(texts: readonly string[]): Rows[number] {
  return texts.map((text) => ({ type: "raw_text", text: cut(text, 120) }));
}

function table(rows: Rows): Block {
  const settings = [{ is_wrapped: true }, { is_wrapped: true, align: "right" as const }, { align: "right" as const }, {}];
  return { type: "table", column_settings: settings, rows };
}

function rowOf(incident: Incident): string[] {
  const trouble = troubleTitle(incident);
  return [
    shortName(incident.workload, 90),
    trouble ?? count(incident.now.desired),
    trouble === undefined ? count(incident.usual.replicas) : "–",
    stateWord[incident.status],
  ];
}

function footnote({ incidents, overAt }: StormView, shown: number): string {
  const more = incidents.length - shown;
  const left = more > 0 ? `${count(more)} more are not in the table; ` : "";
  const next =
    overAt === undefined
      ? "What is still open when it is over gets a message of its own."
      : "What is still open gets a message of its own below; nobody is called again for it.";
  return `${left}\`/k8s-why &lt;workload&gt;\` shows one, \`/k8s-why incidents\` lists the open ones. ${next}`;
}
