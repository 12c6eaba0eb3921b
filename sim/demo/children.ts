import type { ChildProcess } from "node:child_process";

const children = new Set<ChildProcess>();
let watching = false;

/** Remembers a child, so that it does not outlive this process however that ends (save SIGKILL). */
export function endWithUs<T extends ChildProcess>(child: T): T {
  if (!watching) {
    watching = true;
    process.on("exit", () => {
      for (const left of children) left.kill("SIGKILL");
    });
  }
  children.add(child);
  child.once("exit", () => children.delete(child));
  child.once("error", () => children.delete(child));
  return child;
}

/** SIGTERM, and SIGKILL after `patienceMs` of the wall. Resolves once it is gone. */
export async function stopChild(child: ChildProcess, patienceMs: number): Promise<void> {
  if (isGone(child)) return;
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  child.kill("SIGTERM");
  const hard = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  await gone;
  clearTimeout(hard);
}

/** Has it ended, or never begun? */
export function isGone(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}
