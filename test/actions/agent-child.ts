/** An agent in a process of its own, to be killed in the middle of an act: `kubeconfig, redis, namespace`. */
import { startQueuedAgent } from "#test/actions/queued-agent.ts";

const [kubeconfigPath = "", redisUrl = "", namespace = ""] = process.argv.slice(2);
startQueuedAgent({ kubeconfigPath, redisUrl, namespace });
