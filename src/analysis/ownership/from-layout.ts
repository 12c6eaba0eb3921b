import type { RepositoryLayout } from "#domain/layout.ts";
import { type PathSource, directoryOf, guessOf, imageName, namesOf } from "./guess.ts";

/** What builds or deploys the workload's image: Dockerfiles in a place of its name, and charts, kustomizations and manifests that name its image. */
export const fromLayout: PathSource = (subject, { layout }) => {
  if (!layout) return undefined;
  const names = namesOf(subject);
  const builds = layout.builds.filter(({ file }) => names.some((name) => isBuildOf(file, name)));
  const images = new Set(subject.images.map(imageName));
  const deploys = layout.deploys.filter(
    ({ file, images: named }) =>
      names.some((name) => isIn(file, name)) || (named.some((image) => images.has(imageName(image))) && isAlone(file, layout)),
  );
  const built = builds.flatMap((build) => [directoryOf(build.file), ...ownCopies(build, names, layout)]).filter(isPlace);
  const deployed = deploys.map(({ file }) => directoryOf(file)).filter(isPlace);
  const files = [...builds, ...deploys].map(({ file }) => file);
  const [first = ""] = files;
  const more = files.length > 1 ? ` and ${files.length - 1} more` : "";
  const verb = builds.length === 0 ? "deploys" : deploys.length === 0 ? "builds" : "builds and deploys";
  return guessOf([...built, ...deployed], () => `${first}${more} ${verb} its image`);
};

/** Does it build this name: `services/cart/Dockerfile`, `build/cart.Dockerfile`, `build/Dockerfile.cart`? */
export function isBuildOf(file: string, name: string): boolean {
  const parts = file.toLowerCase().split("/");
  const last = parts.at(-1) ?? "";
  return parts.at(-2) === name || last === `${name}.dockerfile` || last === `dockerfile.${name}` || last === `dockerfile-${name}`;
}

/** `charts/cart/values.yaml`. */
function isIn(file: string, name: string): boolean {
  return file.toLowerCase().split("/").at(-2) === name;
}

/** What a Dockerfile that lies elsewhere copies in is the code; of what lies with the code, only what carries the name. */
function ownCopies(
  { file, copies }: RepositoryLayout["builds"][number],
  names: readonly string[],
  { builds }: RepositoryLayout,
): string[] {
  const here = directoryOf(file);
  // What other images copy too belongs to all of them.
  const shared = new Set(builds.filter((other) => other.file !== file).flatMap((other) => other.copies));
  return copies.filter(
    (place) => !place.startsWith(here) && !shared.has(place) && names.some((name) => segmentsOf(place).includes(name)),
  );
}

/** A file that deploys many images, such as one kustomization of the whole shop, is nobody's own. */
function isAlone(file: string, { deploys }: RepositoryLayout): boolean {
  const here = directoryOf(file);
  const images = new Set(deploys.filter((one) => directoryOf(one.file) === here).flatMap((one) => one.images.map(imageName)));
  return images.size <= 3;
}

function segmentsOf(path: string): string[] {
  return path.toLowerCase().split("/");
}

/** The top of the repository is no place of its own. */
function isPlace(path: string): boolean {
  return path !== "" && !/^(deploy|deployment|deployments|k8s|kubernetes|manifests|charts|build|docker|infra)\/$/i.test(path);
}
