import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";

const folder = dirname(createRequire(import.meta.url).resolve("@twemoji/svg/package.json"));

/** The drawing at `/emoji/<code points>.svg`; undefined for any other path and for emoji that nobody drew. */
export async function readEmoji(path: string): Promise<string | undefined> {
  const name = /^\/emoji\/([0-9a-f]{1,6}(?:-[0-9a-f]{1,6}){0,8}\.svg)$/u.exec(path)?.[1];
  if (name === undefined) return undefined;
  return await readFile(join(folder, name), "utf8").catch(() => undefined);
}
