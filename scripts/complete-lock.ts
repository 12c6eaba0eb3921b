// Usage: node scripts/complete-lock.ts, after a package was added through a registry that mirrors only some platforms.
// npm leaves optional packages that the registry does not have out of the lock, and `npm ci` then refuses the lock
// ("Missing: ... from lock file"). This adds their entries; npm skips them where os and cpu do not match.
import { readFileSync, writeFileSync } from "node:fs";

interface Entry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly license?: string;
}

const systems = new Set("android darwin freebsd linux netbsd openbsd openharmony sunos win32 aix wasi".split(" "));
const processors = new Set("arm64 x64 ia32 arm ppc64 riscv64 s390x loong64 mips64el wasm32".split(" "));
const file = "package-lock.json";

const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, Entry> };

/** npm looks for a package in its dependent's own folder and then upward. */
function isLocked(dependent: string, name: string): boolean {
  for (let at = dependent; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (lock.packages[`${at ? `${at}/` : ""}node_modules/${name}`]) return true;
    if (!at.includes("/node_modules/")) return Boolean(lock.packages[`node_modules/${name}`]);
  }
}

let added = 0;
for (const [path, { optionalDependencies = {}, dev, license }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const words = name.split(/[-/]/).map((word) => (word === "armv7" ? "arm" : word));
    const os = words.filter((word) => systems.has(word));
    const cpu = words.filter((word) => processors.has(word));
    if (isLocked(path, name) || os.length === 0 || !/^\d/.test(version)) continue;
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu.length > 0 && { cpu }),
      ...(dev && { dev }),
      ...(license && { license }),
      optional: true,
      os,
    } as Entry;
    added++;
  }
}
const { "": root = {}, ...rest } = lock.packages;
lock.packages = { "": root, ...Object.fromEntries(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1))) };
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} optional packages added to ${file}.`);
