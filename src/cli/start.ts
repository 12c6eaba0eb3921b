import { createLog } from "#lib/log.ts";
import { loadConfiguration } from "#app/config/load.ts";

/** Starts the service and runs it until it is told to stop; resolves with the exit code. */
export async function start(variables: NodeJS.ProcessEnv): Promise<number> {
  const configuration = await loadConfiguration(variables);
  const log = createLog(configuration.environment.LOG_LEVEL);
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  // Loaded last, since it takes a second or two: a wrong setting is said at once.
  const { startApp } = await import("#app/app.ts");
  await using app = await startApp(configuration, log);
  log.info({ port: app.port, cluster: configuration.file.cluster }, "k8s-why is running");
  const signal = await stopped;
  log.info({ signal }, "Stopping");
  return 0;
}
