import type { EvidenceKind } from "./scene.ts";
import type { FileCount } from "./seen.ts";

/** What kinds of files it touches: tests, documentation, tools, settings, dependencies, schema, pages. */
export const fileKindsTouched: EvidenceKind = (candidate, { survey, regime }) => {
  const files = survey.of(candidate)?.files;
  // In the service `idle-files` says it, with more weight: not twice.
  if (!files || files.all === 0 || (regime === "rollouts" && files.live === 0 && !files.cut)) return undefined;
  // Of a list that was cut nobody can say "only".
  const only = (some: number) => (some === files.all && !files.cut ? 1 : 0);
  const any = (some: number) => (some > 0 ? 1 : 0);
  return {
    kind: "file-kinds",
    features: {
      onlyTests: only(files.test),
      onlyDocs: only(files.docs),
      onlyIdle: only(files.all - files.live),
      anyTests: any(files.test),
      untested: files.live > 0 && files.test === 0 ? 1 : 0,
      anyTooling: any(files.tooling),
      onlyTooling: only(files.tooling),
      anyDependency: any(files.dependency),
      onlyDependency: only(files.dependency),
      onlySettings: only(files.settings),
      anySchema: any(files.schema),
      onlyAssets: only(files.asset),
      onlyGenerated: only(files.generated),
    },
    text: () => sentence(files),
  };
};

function sentence(files: FileCount): string {
  const whole: readonly (readonly [number, string])[] = [
    [files.test, "tests only"],
    [files.docs, "documentation only"],
    [files.tooling, "developers' tools only"],
    [files.dependency, "dependencies only"],
    [files.generated, "generated files only"],
    [files.settings, "settings only"],
    [files.asset, "styles, pictures or pages only"],
  ];
  const all = files.cut ? undefined : whole.find(([some]) => some === files.all)?.[1];
  if (all) return `It touches ${all}.`;
  if (files.live === 0) return `It touches ${files.cut ? "mostly tests and documentation" : "tests and documentation only"}.`;
  return files.test > 0 ? "It touches code that runs, and tests with it." : "It touches code that runs, and no tests.";
}
