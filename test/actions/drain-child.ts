/** Carries out one approved drain of the cluster of a kubeconfig, as an agent would, to be killed in the middle of it: `kubeconfig, approval, order`. */
import { foretell } from "#analysis/rollout/foretell.ts";
import { createSteps } from "#actions/steps.ts";
import { createKubeConnection } from "#clients/kubernetes/connection.ts";
import { silentLog } from "#lib/log.ts";
import { quickClock } from "#test/actions/harness.ts";

const [kubeconfigPath, approval = "", order = ""] = process.argv.slice(2);
await using connection = createKubeConnection({ ...(kubeconfigPath !== undefined && { kubeconfigPath }) });
const steps = createSteps({
  connection,
  cluster: "prod",
  clock: quickClock(),
  log: silentLog,
  foretell,
  isProtected: () => false,
});
await steps.act(JSON.parse(approval), JSON.parse(order));
