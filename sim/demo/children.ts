import { spawn, type ChildProcess } from "node:child_process";

const children = new Set<ChildProcess>();
let watching = false;

/** Remembers a child, so that it does not outlive this process however that ends, SIGKILL included. */
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
  guard(child);
  return child;
}

/** A shell that waits for our end of its pipe to close, which it does even when we are killed, and then kills the child. */
function guard(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const script = 'read -r _; kill -9 "$0" 2>/dev/null';
  const shell = spawn("sh", ["-c", script, String(child.pid)], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  shell.once("error", () => {});
  shell.stdin?.on("error", () => {});
  shell.unref();
  child.once("exit", () => shell.kill("SIGKILL"));
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
