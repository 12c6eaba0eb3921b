import type { EvidenceKind } from "./scene.ts";
import { placeOf } from "#analysis/past/file-kinds.ts";
import { count } from "#analysis/words.ts";

/** How large it is and how far it spreads. */
export const size: EvidenceKind = (candidate, { survey }) => {
  const seen = survey.of(candidate);
  if (!candidate.landing || !seen) return undefined;
  const { additions, deletions, all } = seen.files;
  const places = new Set(candidate.landing.files.slice(0, 1_000).map((file) => placeOf(file.path))).size;
  const lines = additions + deletions;
  return {
    kind: "size",
    features: {
      files: Math.log1p(all),
      additions: Math.log1p(additions),
      deletions: Math.log1p(deletions),
      lines: Math.log1p(lines),
      fewLines: lines <= 4 ? 1 : 0,
      manyLines: lines > 1_000 ? 1 : 0,
      manyFiles: all > 50 ? 1 : 0,
      onlyAdds: deletions === 0 ? 1 : 0,
      onlyDeletes: additions === 0 && deletions > 0 ? 1 : 0,
      linesPerFile: Math.log1p(lines) - Math.log1p(all),
      places: Math.log1p(places),
    },
    text: () =>
      `It adds ${count(additions, "line")} and takes ${count(deletions)} in ${count(all, "file")} of ${count(places, "place")}.`,
  };
};
