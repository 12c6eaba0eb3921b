import type { CommitGuess } from "./change.ts";

/**
 * How far a way from image to commit can be trusted. `sure`: the build wrote it down. `good`: by convention. `weak`: by time only, or a
 * commit of the configuration instead of the code.
 */
export function reliabilityOf({ from }: Pick<CommitGuess, "from">): "sure" | "good" | "weak" {
  switch (from) {
    case "annotation":
    case "image-label":
      return "sure";
    case "version-label":
    case "image-tag":
      return "good";
    case "deployment":
    case "argo":
    case "flux":
      return "weak";
  }
}

/** How the commit is known, to complete "built from abc1234, ...". */
export function wayOf({ from }: Pick<CommitGuess, "from">): string {
  switch (from) {
    case "annotation":
      return "as its annotation says";
    case "version-label":
      return "as its version label says";
    case "image-tag":
      return "as the image's tag says";
    case "deployment":
      return "as GitHub's deployments of that time tell";
    case "image-label":
      return "as the image's own label says";
    case "argo":
      return "a commit of the configuration that Argo CD synced";
    case "flux":
      return "a commit of the configuration that Flux applied";
  }
}
