/** The kubeconfig of a real cluster to run against, instead of the simulated one. */
export const realCluster = process.env["K8S_WHY_TEST_KUBECONFIG"];

/** So long one waits for what controllers do: those of a real cluster take their time, the more so on a busy machine. */
export const patient = { timeout: realCluster === undefined ? 40_000 : 120_000, interval: 100 };
