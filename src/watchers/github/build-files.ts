/** Lines of a file that are read: foreign text. */
const maxLength = 100_000;
const found = 100;

/** Is it a Dockerfile, as its name says? */
export function isBuildFile(path: string): boolean {
  return (
    /(^|\/)((docker|container)file([.-][\w.-]+)?|[\w.-]+\.(docker|container)file)$/i.test(path) && !/\.dockerignore$/i.test(path)
  );
}

/** Is it a chart, a kustomization, or YAML in a place for manifests? */
export function isDeployFile(path: string): boolean {
  return (
    /(^|\/)(chart\.yaml|values[\w.-]*\.ya?ml|kustomization\.ya?ml|skaffold\.yaml)$/i.test(path) ||
    /(^|\/)(deploy|deployments?|k8s|kubernetes|manifests|kustomize|base|overlays|helm|charts)\/.*\.ya?ml$/i.test(path)
  );
}

/** Places in the repository that a Dockerfile copies from, each ends in a slash; relative to the top, as most builds of monorepos are. */
export function findCopies(text: string): string[] {
  const lines = text
    .slice(0, maxLength)
    .replaceAll(/\\\r?\n/g, " ")
    .split("\n");
  const places = lines.flatMap((line) => {
    const words = /^\s*(?:COPY|ADD)\s+(.+)$/i.exec(line)?.[1]?.split(/\s+/) ?? [];
    // From another stage or image, nothing of the repository is copied.
    if (words.some((word) => word.startsWith("--from="))) return [];
    return words
      .filter((word) => !word.startsWith("--"))
      .slice(0, -1)
      .flatMap(toPlace);
  });
  return [...new Set(places)].slice(0, found);
}

function toPlace(word: string): string[] {
  const path = word
    .replaceAll(/["'[\],]/g, "")
    .replace(/^(\.?\/)+/, "")
    .replace(/\*.*$/, "")
    .replace(/\/+$/, "");
  return path === "" || path === "." || /[${}\s]|:\/\/|(^|\/)\.\.(\/|$)|\.[a-z]{1,5}$/i.test(path) ? [] : [`${path}/`];
}

/** Images that YAML names: `image: x`, kustomize's `newName: x` and `name: x` beside it, a chart's `repository: x`. No template language. */
export function findImages(text: string): string[] {
  const matches = text
    .slice(0, maxLength)
    .matchAll(/^[\s-]*(?:image|newName|repository|name)\s*:\s*["']?([\w][\w./:@-]{1,400})["']?\s*(?:#.*)?$/gm);
  return [...new Set([...matches].map((match) => match[1] ?? ""))].filter((image) => image.includes("/")).slice(0, found);
}
