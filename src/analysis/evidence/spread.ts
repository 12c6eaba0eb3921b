import { type EvidenceKind, opposes } from "./scene.ts";
import { count } from "#analysis/words.ts";

/** A change of many places at once is mostly mechanical; a change of a line or two mostly small. Size says little, so both weigh little. */
export const spread: EvidenceKind = ({ landing }, { regime }) => {
  if (regime === "landings" || !landing || landing.files.length === 0) return undefined;
  const places = new Set(landing.files.map((file) => file.path.split("/").slice(0, 2).join("/"))).size;
  return landing.filesTotal >= 100 && places >= 10
    ? opposes("spread", 0.4, `It touches ${count(landing.filesTotal, "file")} in many places, as mechanical changes do.`)
    : undefined;
};
