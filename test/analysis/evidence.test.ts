import { describe, expect, it } from "vitest";
import type { Change, Landing } from "#domain/change.ts";
import type { Diagnosis, Evidence } from "#domain/diagnosis.ts";
import { diagnose } from "#analysis/diagnose.ts";
import { HOUR, MINUTE, NOON, aConfigEdit, aFile, aLanding, aRollout } from "#test/builders.ts";
import { anInput, chained, dearer, olderParts, shipped } from "./stories.ts";

const onset = NOON - 9 * MINUTE;
const patch = "@@ -1 +1 @@\n-const a = 1;\n+const a = 2;";

function diagnosed(...changes: readonly Change[]): Diagnosis {
  return diagnose(anInput({ changes: [...chained(olderParts()), ...changes], signals: dearer(onset, 6) }));
}

/** What a kind says of a change, as `+ text` or `- text`; undefined where it is silent. */
function says(kind: string, of: Pick<Change, "id">, diagnosis: Diagnosis): string | undefined {
  const found = diagnosis.suspects.find(({ id }) => id === of.id)?.evidence.find((one) => one.kind === kind);
  return found && signed(found);
}

function signed(found: Evidence): string {
  return `${found.for ? "+" : "-"} ${found.text}`;
}

/** A commit that its own rollout brought so long before the climb. */
function brought(before: number, over: Partial<Landing> = {}) {
  const files = [aFile("services/web/src/index.ts", { patch })];
  const { landing, rollout } = shipped("Tidy up", onset - before - 10 * MINUTE, onset - before, 7, { files, ...over });
  const previousCommit = olderParts().at(-1)?.rollout.commit;
  return { landing, diagnosis: diagnosed(landing, { ...rollout, ...(previousCommit && { previousCommit }) }) };
}

describe("how long its rollout ran before the climb", () => {
  it.each([
    [5 * MINUTE, "+ The climb began within"],
    [40 * MINUTE, "+ The climb began"],
    [3 * HOUR, undefined],
    [8 * HOUR, "- It ran for 8"],
  ])("%i ms", (before, beginning) => {
    const { landing, diagnosis } = brought(before);
    expect(says("delay", landing, diagnosis)?.slice(0, beginning?.length)).toBe(beginning);
  });
});

describe("what did not run when the climb began", () => {
  it("is told so: its rollout came later, or never", () => {
    const late = shipped("Tidy up", onset - HOUR, onset + 4 * MINUTE, 7);
    const waiting = aLanding({ at: onset - MINUTE });
    const diagnosis = diagnosed(...chained([...olderParts().slice(2), late]).slice(2), waiting);
    expect(says("not-running", late.landing, diagnosis)).toMatch(
      /^- It was not running when the climb began: revision 7 brought it \d minutes later/,
    );
    expect(says("not-running", waiting, diagnosis)).toMatch(/^- No rollout of this workload has brought it/);
    const { landing, diagnosis: running } = brought(5 * MINUTE);
    expect(says("not-running", landing, running)).toBeUndefined();
  });
});

describe("what a landing is", () => {
  it.each([
    ["revert", { message: 'Revert "Show prices"\n\nThis reverts commit 1234567.' }, "- It is a revert"],
    ["revert", { message: "Show prices" }, undefined],
    [
      "idle-files",
      { files: [aFile("docs/a.md"), aFile("services/web/src/a.test.ts")] },
      "- It touches documentation or tests only.",
    ],
    ["idle-files", { files: [aFile("docs/a.md"), aFile("services/web/src/a.ts")] }, undefined],
    ["idle-files", { files: [aFile("docs/a.md")], filesTotal: 400 }, undefined],
  ] satisfies [string, Partial<Landing>, string | undefined][])("%s of %j", (kind, over, beginning) => {
    const { landing, diagnosis } = brought(5 * MINUTE, over);
    expect(says(kind, landing, diagnosis)?.slice(0, beginning?.length)).toBe(beginning);
  });
});

describe("a rollout of which no commit is known", () => {
  const rollout = (image: string) =>
    aRollout({
      at: onset - 5 * MINUTE,
      revision: 7,
      images: [{ container: "web", image }],
      previous: { revision: 6, images: [{ container: "web", image: "web:6" }], templateHash: "hash6" },
    });

  it.each([
    ["new-image", "web:7", "+ It runs a new image"],
    ["same-image", "web:6", "- It runs the same image as before"],
  ])("%s", (kind, image, beginning) => {
    const one = rollout(image);
    const diagnosis = diagnose(anInput({ changes: [one], signals: dearer(onset, 6) }));
    expect(says(kind, one, diagnosis)?.slice(0, beginning.length)).toBe(beginning);
  });

  it("says nothing of its image where its commit is known", () => {
    const { landing, diagnosis } = brought(5 * MINUTE);
    expect(says("new-image", landing, diagnosis)).toBeUndefined();
    expect(says("exact-image", landing, diagnosis)).toMatch(/^\+ The image of revision 7 was built from exactly this commit/);
  });
});

describe("a change of another kind", () => {
  it("is likelier the sooner the climb came after it", () => {
    const edit = (before: number) => aConfigEdit({ id: `edit ${before}`, at: onset - before, usedBy: ["prod/shop/web"] });
    const [soon, late] = [edit(5 * MINUTE), edit(30 * HOUR)];
    const diagnosis = diagnosed(soon, late);
    expect(says("soon-after", soon, diagnosis)).toMatch(/^\+ The climb began \d minutes after it/);
    expect(says("soon-after", late, diagnosis)).toMatch(/^- The climb began 30 hours after it/);
  });
});

describe("no rollout before the climb", () => {
  const reasons = ({ noneEvidence }: Diagnosis) => noneEvidence.filter(({ kind }) => kind === "no-rollout").map(signed);

  it("speaks for no suspect, and only then", () => {
    const waiting = aLanding({ at: onset - MINUTE });
    expect(reasons(diagnose(anInput({ changes: [waiting], signals: dearer(onset, 6) })))).toEqual([
      "+ No rollout of this workload is known in the window before the climb.",
    ]);
    expect(reasons(diagnosed())).toEqual([]);
  });
});
