import type { CommitGuess } from "#domain/change.ts";
import type { ContainerImage } from "#domain/workload.ts";

/** Where a workload says which commit it was built from. */
const COMMIT_ANNOTATION = "k8s-why.dev/commit";
const VERSION_LABEL = "app.kubernetes.io/version";

/** What a pod template carries about its origin. */
export interface Origin {
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly images: readonly ContainerImage[];
}

/**
 * The commit a template was built from: our annotation, then the version label, then an image tag that ends in 7 to 40 hex digits.
 * Where some images are not in `before`, only those count: what an unchanged sidecar was built from says nothing.
 */
export function findCommit(
  { annotations, labels, images }: Origin,
  before: readonly ContainerImage[] = [],
): CommitGuess | undefined {
  const said = findSha(annotations[COMMIT_ANNOTATION]);
  if (said) return { sha: said, from: "annotation" };
  const version = findSha(labels[VERSION_LABEL]);
  if (version) return { sha: version, from: "version-label" };
  const old = new Set(before.map(({ image }) => image));
  const changed = images.filter(({ image }) => !old.has(image));
  for (const { image } of changed.length > 0 ? changed : images) {
    const sha = findSha(tagOf(image));
    if (sha) return { sha, from: "image-tag" };
  }
  return undefined;
}

/** `registry:5000/shop/web:main-abc1234@sha256:...` gives `main-abc1234`. */
function tagOf(image: string): string | undefined {
  return /:([\w.-]{1,128})$/.exec(image.split("@", 1)[0] ?? "")?.[1];
}

/** 7 to 40 hex digits at the end, standing alone. Dates and Unix times are hex digits too: not taken. */
function findSha(text: string | undefined): string | undefined {
  const sha = /(?:^|[^0-9a-z])g?([0-9a-f]{7,40})$/i.exec(text ?? "")?.[1]?.toLowerCase();
  return sha && !/^(?:(?:19|20)\d{6}|(?:19|20)\d{10}|(?:19|20)\d{12}|1\d{9}|1\d{12})$/.test(sha) ? sha : undefined;
}
