import type { Configuration } from "#app/config/load.ts";
import { connectStore } from "#store/store.ts";
import { createClock } from "#lib/clock.ts";
import { createEnqueue } from "#app/jobs.ts";
import { createGitHubSource, createImageSource, createOnCallSource, createPrometheusSource } from "#app/sources.ts";
import { createKubeConnection } from "#clients/kubernetes/connection.ts";
import { createQueues } from "#store/queues.ts";
import type { Log } from "#lib/log.ts";
import type { Parts } from "#app/parts.ts";
import { policyOf } from "#app/config/policy.ts";
import { stepKeysOf } from "#app/keys.ts";
import { startAgent } from "#app/agent.ts";
import { startAnalyst } from "#app/analyst.ts";
import { startServer } from "#app/server.ts";

/** Starts all roles in this process; nothing waits for Redis, the API server or Slack: `/readyz` says who is away. */
export async function startApp(
  { environment, file }: Configuration,
  log: Log,
): Promise<AsyncDisposable & { readonly port: number }> {
  const clock = createClock(environment.K8S_WHY_CLOCK);
  await using stack = new AsyncDisposableStack();
  const connection = stack.use(createKubeConnection({ kubeconfigPath: environment.KUBECONFIG }));
  const store = stack.use(connectStore({ url: environment.REDIS_URL, now: clock.now, log }));
  const queues = stack.use(createQueues({ url: environment.REDIS_URL, clock, log }));
  const parts: Parts = {
    environment,
    file,
    clock,
    log,
    keys: stepKeysOf(environment),
    policy: policyOf(file.policy, file.slack.approvers),
    store,
    queues,
    enqueue: createEnqueue(queues, file.cluster),
    prometheus: createPrometheusSource(environment, file),
    github: createGitHubSource(environment, log),
    onCall: createOnCallSource(environment),
    imageCommit: stack.use(createImageSource(file)).imageCommit,
  };
  const agent = stack.use(startAgent(parts, connection));
  const analyst = stack.use(startAnalyst(parts));
  const server = stack.use(await startServer(parts, [agent.ready, analyst.ready]));
  const started = stack.move();
  return { port: server.port, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
