import { createKubeConnection } from "#clients/kubernetes/connection.ts";
import { createNonces } from "#actions/nonces.ts";
import { createSteps } from "#actions/steps.ts";
import { foretell } from "#analysis/rollout/foretell.ts";
import { createEnqueue, runJob } from "#app/jobs.ts";
import { createClock } from "#lib/clock.ts";
import { silentLog } from "#lib/log.ts";
import { createQueues } from "#store/queues.ts";
import { connectStore } from "#store/store.ts";
import { createRemediate } from "#workflow/steps.ts";
import { quickClock } from "#test/actions/harness.ts";
import { NOON } from "#test/builders.ts";
import { aPolicy } from "#test/workflow/people.ts";
import { anyPerson, noIdentities, verify } from "#test/workflow/signing.ts";

export interface QueuedAgent {
  readonly kubeconfigPath: string;
  readonly redisUrl: string;
  /** Where its ConfigMap of nonces is. */
  readonly namespace: string;
}

/** The agent's half of an act, joined as the program joins it: queue, its own checks, nonces in its cluster, the hands, the answer. */
export function startQueuedAgent({ kubeconfigPath, redisUrl, namespace }: QueuedAgent): AsyncDisposable {
  const stack = new AsyncDisposableStack();
  const clock = createClock();
  const connection = stack.use(createKubeConnection({ kubeconfigPath }));
  const store = stack.use(connectStore({ url: redisUrl, now: () => NOON, log: silentLog }));
  const queues = stack.use(createQueues({ url: redisUrl, clock, log: silentLog }));
  const steps = createSteps({
    connection,
    cluster: "prod",
    clock: quickClock(),
    log: silentLog,
    foretell,
    isProtected: () => false,
  });
  const nonces = createNonces(connection, namespace, () => NOON);
  const act = createRemediate({
    verbs: { ...store, ...steps, ...nonces, verify, whyPersonMayNot: anyPerson, enqueue: createEnqueue(queues, "prod") },
    cluster: "prod",
    identities: noIdentities,
    policy: aPolicy(["U1"]),
    now: () => NOON,
  });
  stack.use(queues.startWorker("steps-prod", 1, (job) => runJob({ act }, job)));
  return { [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
