import { type EvidenceKind, opposes, supports } from "./scene.ts";

/** The rollout's image is this very commit; or, for a rollout without known commits, what its template changed. */
export const image: EvidenceKind = ({ landing, rollout, via }) => {
  if (!rollout) return undefined;
  if (landing) {
    const sha = rollout.commit?.sha;
    return sha && (landing.sha.startsWith(sha) || sha.startsWith(landing.sha))
      ? supports("exact-image", 1, `The image of revision ${rollout.revision} was built from exactly this commit.`)
      : undefined;
  }
  if (via !== "itself" || !rollout.previous) return undefined;
  const before = new Set(rollout.previous.images.map((one) => `${one.container}=${one.image}`));
  return rollout.images.some((one) => !before.has(`${one.container}=${one.image}`))
    ? supports("new-image", 1.5, "It runs a new image; which commits are in it is not known.")
    : opposes("same-image", 0.3, "It runs the same image as before: only the rest of the pod template changed.");
};
