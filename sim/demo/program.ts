import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { endWithUs, isGone, stopChild } from "./children.ts";

/** The production program as a process of its own. */
export interface Program extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly logFile: string;
  /** SIGKILL, and the same again on the same port; resolves once it is ready. */
  killAndRestart(): Promise<void>;
  /** The exit code or signal, when it ended by itself. */
  crashed(): string | undefined;
  /** Resident memory in bytes, where the system tells. */
  memory(): Promise<number | undefined>;
}

export interface ProgramOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** What runs; `node src/main.ts start` unless a test says otherwise. */
  readonly command?: readonly string[];
  /** Wall milliseconds until it must be ready. */
  readonly patienceMs?: number;
}

const root = join(import.meta.dirname, "..", "..");

/** Starts it on a free port and waits for `/readyz`. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child = launch(options, port);
  let meant = false;
  const program: Program = {
    url,
    logFile: options.logFile,
    async killAndRestart() {
      meant = true;
      await stopNow(child);
      child = launch(options, port);
      meant = false;
      await untilReady(url, child, options);
    },
    crashed: () => (!meant && isGone(child) ? (child.signalCode ?? `exit code ${child.exitCode}`) : undefined),
    memory: () => memoryOf(child.pid),
    [Symbol.asyncDispose]: () => {
      meant = true;
      return stopChild(child, 10_000);
    },
  };
  try {
    await untilReady(url, child, options);
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
  return program;
}

function launch(
  { command = [process.execPath, join(root, "src", "main.ts"), "start"], environment, logFile }: ProgramOptions,
  port: number,
): ChildProcess {
  const log = openSync(logFile, "a");
  const [file = process.execPath, ...rest] = command;
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment, PORT: String(port) };
  const child = endWithUs(spawn(file, rest, { cwd: root, env, stdio: ["ignore", log, log], detached: true }));
  child.once("error", () => {});
  closeSync(log);
  return child;
}

async function stopNow(child: ChildProcess): Promise<void> {
  if (isGone(child)) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

async function untilReady(url: string, child: ChildProcess, { logFile, patienceMs = 90_000 }: ProgramOptions): Promise<void> {
  const until = Date.now() + patienceMs;
  let said = "nothing answered";
  while (Date.now() < until) {
    if (isGone(child)) throw new Error(`Cannot start the program: it ended. Its last words:\n${await lastLines(logFile, 12)}`);
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      said = (await response.text()).trim();
      if (response.ok) return;
    } catch {
      said = "nothing answered";
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot start the program: /readyz says "${said}". Its last words:\n${await lastLines(logFile, 12)}`);
}

/** The end of a log. */
export async function lastLines(file: string, count: number): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

async function memoryOf(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (!address || typeof address === "string") throw new Error("Cannot find a free port");
  return address.port;
}
