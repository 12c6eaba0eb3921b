import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { HOUR, NOON } from "#test/builders.ts";
import { openClone } from "#watchers/git/clone.ts";
import { readLandings } from "#watchers/git/landings.ts";
import { withPatches } from "#watchers/git/patches.ts";
import { aClone } from "./clone.ts";
import { aFolder, why } from "./why.ts";

const all = { until: NOON, since: NOON - 1_000 * HOUR, atMost: 100 };
const hostile = ['we\nird\t"na\\me".txt', "-rf", "ünï/コード.ts", "diff --git a/x b/x", "\u0001x", ":(top)y"];
const noon = new Date(NOON).toISOString();

describe("landings of a clone", () => {
  test("are first parents with what each brought, oldest first, and nothing later than asked", async () => {
    using folder = aFolder();
    const repository = aClone(join(folder.path, "shop"));
    const first = repository.commit({ at: -5, files: { "a.txt": "1\n2\n3\n4\n", "b.bin": "\0\0" } });
    const merged = repository.merge(
      { at: -4, author: "Bob", files: { "services/cart/cart.ts": "x\ny\n" } },
      "Merge pull request #12 from acme/topic",
    );
    repository.git("mv", "a.txt", "moved.txt");
    const moved = repository.commit({ at: -3, files: { "moved.txt": "1\n2\n3\n5\n" } });
    const revert = repository.commit({
      at: -2,
      message: `Revert "x"\n\nThis reverts commit ${merged}.`,
      files: { "services/cart/cart.ts": null },
    });
    repository.commit({ at: 1, message: "later" });
    const landings = await readLandings(await openClone(repository.path), all);
    expect(landings.map(({ sha }) => sha)).toEqual([first, merged, moved, revert]);
    expect(landings[0]?.files).toEqual([{ path: "a.txt", additions: 4, deletions: 0 }, { path: "b.bin" }]);
    expect(landings[1]).toMatchObject({
      id: `landing/shop/${merged}`,
      at: NOON - 4 * HOUR,
      author: { name: "Bob", email: "bob@example.com" },
      pullRequest: 12,
      branch: "main",
      files: [{ path: "services/cart/cart.ts", additions: 2, deletions: 0 }],
      filesTotal: 1,
    });
    expect(landings[2]?.files).toEqual([
      { path: "a.txt", status: "removed" },
      { path: "moved.txt", status: "renamed", additions: 1, deletions: 1 },
    ]);
    expect(landings[3]?.message).toContain(`This reverts commit ${merged}.`);
  });

  test("keep hostile names as they are, with the right diff at each", async () => {
    using folder = aFolder();
    const repository = aClone(folder.path);
    repository.commit({ at: -3, files: Object.fromEntries(hostile.map((name) => [name, "one\n"])) });
    repository.commit({
      at: -2,
      message: "\u0001deadbeef\n\n1\t2\tnot-a-file",
      files: Object.fromEntries(hostile.map((name, index) => [name, `one\n${index}\n`])),
    });
    const clone = await openClone(folder.path);
    const [, landing] = await readLandings(clone, all);
    expect(landing?.files.map(({ path }) => path)).toEqual(hostile.toSorted());
    const read = await withPatches(clone, landing!);
    for (const [index, name] of hostile.entries())
      expect(read.files.find(({ path }) => path === name)?.patch).toBe(`@@ -1 +1,2 @@\n one\n+${index}\n`);
  });

  test("older dates between newer ones do not end the walk", async () => {
    using folder = aFolder();
    const repository = aClone(folder.path);
    repository.commit({ at: -3, message: "first" });
    repository.commit({ at: -100_000, message: "rebased from long ago" });
    repository.commit({ at: -2, message: "second" });
    const landings = await readLandings(await openClone(folder.path), all);
    expect(landings.map(({ message }) => message)).toEqual(["first", "second"]);
  });

  test("the bottom of a shallow clone is not taken for a landing that added everything", async () => {
    using folder = aFolder();
    const repository = aClone(join(folder.path, "full"));
    repository.commit({ at: -3, files: { a: "1" } });
    repository.commit({ at: -2, files: { b: "1" } });
    repository.commit({ at: -1, message: "newest", files: { c: "1" } });
    repository.git("clone", "-q", "--depth", "2", `file://${repository.path}`, join(folder.path, "shallow"));
    const landings = await readLandings(await openClone(join(folder.path, "shallow")), all);
    expect(landings.map(({ message }) => message)).toEqual(["newest"]);
    const { out } = await why(["rank", "--git", join(folder.path, "shallow"), "--at", noon]);
    expect(out).toContain("This clone is shallow");
  });
});

describe("a partial clone", () => {
  test("is told of, and nothing is fetched for it", async () => {
    using folder = aFolder();
    const repository = aClone(join(folder.path, "full"));
    repository.commit({ at: -3, files: { a: "1\n" } });
    repository.commit({ at: -2, files: { a: "2\n" } });
    repository.git("config", "uploadpack.allowFilter", "true");
    const partial = join(folder.path, "partial");
    repository.git("clone", "-q", "--no-checkout", "--filter=blob:none", `file://${repository.path}`, partial);
    const { code, said } = await why(["rank", "--git", partial, "--at", noon]);
    expect(said).toContain("it is a partial clone, and what it lacks is not fetched from here");
    expect(code).toBe(2);
    repository.git("-C", partial, "fetch", "-q", "--refetch", "--no-filter");
    expect((await why(["rank", "--git", partial, "--at", noon])).code).toBe(0);
  });
});

describe("a hostile clone", () => {
  test("runs nothing that its configuration names, whatever git would do with it", async () => {
    using folder = aFolder();
    const repository = aClone(join(folder.path, "clone"));
    const trap = join(folder.path, "trapped");
    const program = join(folder.path, "trap.sh");
    writeFileSync(program, `#!/bin/sh\ntouch '${trap}'\ncat\n`, { mode: 0o755 });
    repository.commit({ at: -3, files: { ".gitattributes": "* diff=trap filter=trap\n", "a.txt": "1\n" } });
    repository.commit({ at: -2, files: { "a.txt": "2\n" } });
    const signed = repository
      .git("cat-file", "commit", "HEAD")
      .replace(/\n\n/, "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ\n -----END PGP SIGNATURE-----\n\n");
    writeFileSync(join(folder.path, "signed"), `${signed}\n`);
    repository.git("reset", "-q", "--hard", repository.git("hash-object", "-t", "commit", "-w", join(folder.path, "signed")));
    for (const setting of [
      "core.fsmonitor",
      "core.pager",
      "core.sshCommand",
      "core.alternateRefsCommand",
      "diff.external",
      "diff.trap.command",
      "diff.trap.textconv",
      "filter.trap.clean",
      "filter.trap.process",
      "gpg.program",
      "pager.log",
      "credential.helper",
    ])
      repository.git("config", setting, program);
    writeFileSync(join(repository.path, "git"), `#!/bin/sh\ntouch '${trap}'\n`, { mode: 0o755 });
    repository.git("config", "log.showSignature", "true");
    repository.git("config", "diff.noprefix", "true");
    repository.git("config", "color.ui", "always");
    repository.git("config", "format.pretty", "oneline");
    const ran = await why(["rank", "--git", repository.path, "--at", noon], {
      PATH: `.:${process.env["PATH"]}`,
      GIT_DIR: "/nowhere",
      GIT_EXTERNAL_DIFF: program,
      GIT_PAGER: program,
    });
    expect(ran.said).toBe("");
    expect(ran.out).toContain("2 landings on main");
    expect(existsSync(trap)).toBe(false);
    const clone = await openClone(repository.path);
    const landing = (await readLandings(clone, all)).at(-1);
    expect((await withPatches(clone, landing!)).files[0]?.patch).toBe("@@ -1 +1 @@\n-1\n+2\n");
    expect(existsSync(trap)).toBe(false);
  });

  test("cannot speak to the terminal", async () => {
    using folder = aFolder();
    const repository = aClone(folder.path);
    repository.commit({ at: -1, author: "E\u001B[31mvil\u202E", message: "\u001B]0;owned\u0007Title\u200B\r\nbody" });
    const { out } = await why(["rank", "--git", folder.path, "--at", noon]);
    // eslint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F\u202E\u200B]/);
    expect(out).toContain("Title");
  });
});

describe("rank --git", () => {
  test("prints a table in a pipe without colours, with colours where they are wanted, and JSON for machines", async () => {
    using folder = aFolder();
    const repository = aClone(folder.path);
    repository.commit({ at: -30, author: "Bob", message: "Read prices in one query", files: { "services/cart/cart.ts": "1\n" } });
    const guilty = repository.commit({ at: -2, message: "Retry prices\n\nwhy", files: { "services/cart/cart.ts": "2\n" } });
    repository.commit({ at: -1, author: "山田", message: "Mend the docs", files: { "docs/a.md": "2\n" } });
    const argv = ["rank", "--git", folder.path, "--at", noon, "--service", "./services/cart/"];
    const piped = await why(argv);
    expect(piped.code).toBe(0);
    expect(piped.said).toBe("");
    expect(piped.out).toContain("What could have hurt services/cart at");
    expect(piped.out).toContain("3 landings on main in the 72 h before");
    expect(piped.out).toMatch(new RegExp(`%  ${guilty.slice(0, 10)}  2 hours before +Ada +Retry prices\n`));
    expect(piped.out).toContain("No suspect");
    expect(piped.out).not.toContain("\u001B[");
    expect((await why(argv, { FORCE_COLOR: "1" })).out).toContain("\u001B[1m");
    const json = JSON.parse((await why([...argv, "--json"])).out) as {
      suspects: { id: string; probability: number; title: string }[];
      none: number;
    };
    expect(json.suspects.map(({ title }) => title).sort()).toEqual(["Mend the docs", "Read prices in one query", "Retry prices"]);
    expect(json.suspects.reduce((sum, { probability }) => sum + probability, json.none)).toBeCloseTo(1, 9);
  });

  test("says in a sentence what is wrong with the question", async () => {
    using folder = aFolder();
    const repository = aClone(join(folder.path, "empty"));
    const said = async (...argv: string[]) => {
      const ran = await why(["rank", "--git", ...argv]);
      expect(ran).toMatchObject({ code: 2, out: "" });
      return ran.said.trim();
    };
    expect(await said(repository.path)).toMatch(/it has no commit yet\.$/);
    expect(await said(folder.path)).toMatch(/it is not a git repository\.$/);
    expect(await said(join(folder.path, "gone"))).toMatch(/there is no such folder\.$/);
    repository.commit({ at: -1 });
    expect(await said(repository.path, "--branch", "--output=x")).toMatch(/Cannot find "--output=x"/);
    expect(await said(repository.path, "--at", "whenever")).toMatch(/Cannot read the moment "whenever"/);
    expect(await said(repository.path, "--service", "../x")).toMatch(/expected a directory in the repository/);
    const odd = await why(["rank", "--git", repository.path, "--at", noon, "--service", "services/nowhere"]);
    expect(odd.out).toContain('No landing that was read touches "services/nowhere"');
  });
});
