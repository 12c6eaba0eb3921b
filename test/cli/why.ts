import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** What a run of the command line left behind. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly said: string;
}

/** Runs `k8s-why` as a person would, with its output in pipes. */
export async function why(argv: readonly string[], env: NodeJS.ProcessEnv = {}, input = ""): Promise<Ran> {
  const child = spawn(process.execPath, ["src/main.ts", ...argv], { env: { ...process.env, FORCE_COLOR: undefined, ...env } });
  let out = "";
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, out, said };
}

/** A folder that is gone when the test is over. */
export interface Folder extends Disposable {
  readonly path: string;
  /** Writes a file (zipped when its name says so) and gives its path. */
  readonly write: (name: string, text: string) => string;
  /** Writes objects, one JSON a line. */
  readonly rows: (name: string, rows: readonly object[]) => string;
}

export function aFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "k8s-why-"));
  const write = (name: string, text: string) => {
    const file = join(path, name);
    writeFileSync(file, name.endsWith(".gz") ? gzipSync(text) : text);
    return file;
  };
  return {
    path,
    write,
    rows: (name, rows) => write(name, rows.map((row) => `${JSON.stringify(row)}\n`).join("")),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
