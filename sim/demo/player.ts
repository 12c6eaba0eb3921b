import type { SimClock } from "#sim/clock.ts";
import type { SimulatedCluster } from "#sim/cluster/cluster.ts";
import type { LocalGitHub } from "#sim/github/server.ts";
import type { RolloutEvent, Story, StoryEvent } from "#sim/scenarios/story.ts";

/** What the player moves. */
export interface Strings {
  readonly story: Story;
  readonly clock: SimClock;
  readonly cluster: Pick<SimulatedCluster, "apply" | "setSchema" | "store">;
  readonly github: Pick<LocalGitHub, "push">;
  readonly alerts: { readonly url: string; readonly secret: string };
  /** Told of each event once it has happened. */
  readonly tell: (event: StoryEvent) => void;
}

const minuteMs = 60_000;

/** Lets the story's events happen at their minutes, until the last or until the signal aborts. */
export async function playEvents(strings: Strings, signal: AbortSignal): Promise<void> {
  const { story, clock } = strings;
  for (const event of story.events) {
    await clock.sleep(Math.max(0, story.startsAt + event.at * minuteMs - clock.now()), signal);
    if (signal.aborted) return;
    await happen(strings, event, signal);
    strings.tell(event);
  }
}

async function happen(strings: Strings, event: StoryEvent, signal: AbortSignal): Promise<void> {
  switch (event.kind) {
    case "landing":
      return void (await strings.github.push(strings.story.repository.fullName, event.commits));
    case "rollout":
      return rollOut(strings.cluster, event);
    case "traffic":
      return annotate(strings.cluster, event, { "load/requests-per-second": String(event.requestsPerSecond) });
    case "stall":
      return annotate(strings.cluster, event, { "load/stall": String(event.seconds) });
    case "alert":
      return void raise(strings, event.payload, signal);
  }
}

function annotate(
  cluster: Strings["cluster"],
  { namespace, workload: name }: { readonly namespace: string; readonly workload: string },
  annotations: Readonly<Record<string, string>>,
): void {
  cluster.apply({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace, annotations } });
}

/** Undoes the change of configuration that a story is about, as its owner would: what used it first. */
export function takeBack({ truth }: Pick<Story, "truth">, { apply, store }: Strings["cluster"]): void {
  if (truth.kind !== "config") return;
  for (const manifest of truth.undo.apply) apply(manifest);
  for (const { resource, name } of truth.undo.remove) store.delete(resource, undefined, name);
}

/** As a pipeline does it: first the migrations, then the new template, and nothing else of the Deployment. */
function rollOut(cluster: Strings["cluster"], event: RolloutEvent): void {
  const { namespace, workload: name, image, template } = event;
  if (event.migrates) cluster.setSchema(event.migrates.database, event.migrates.version);
  const stored = cluster.store.get("apps/v1/deployments", namespace, name)?.spec?.["template"] as
    | { metadata?: { annotations?: object } }
    | undefined;
  const old = Object.fromEntries(Object.keys(stored?.metadata?.annotations ?? {}).map((key) => [key, null]));
  const spec = {
    template: { metadata: { annotations: { ...old, ...template } }, spec: { containers: [{ name: "app", image }] } },
  };
  cluster.apply({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace }, spec });
}

/** Opsgenie tries again when nobody answers. */
async function raise({ alerts, clock }: Strings, payload: object, signal: AbortSignal): Promise<void> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${alerts.secret}` };
  for (let attempt = 0; attempt < 6 && !signal.aborted; attempt += 1) {
    const response = await fetch(alerts.url, {
      method: "POST",
      headers,
      body: JSON.stringify(payload),
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined);
    await response?.arrayBuffer().catch(() => undefined);
    if (response?.ok) return;
    await clock.sleep(minuteMs, signal);
  }
}
