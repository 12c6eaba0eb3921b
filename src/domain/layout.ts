/** How a repository is laid out, as far as it tells what is built and deployed from where. Read once a head. */
export interface RepositoryLayout {
  /** `owner/name` */
  readonly repository: string;
  /** What builds an image: Dockerfiles, with the places in the repository that they copy from, where they were read. */
  readonly builds: readonly { readonly file: string; readonly copies: readonly string[] }[];
  /** What deploys one: charts, kustomizations, manifests; with the images that they name, where they were read. */
  readonly deploys: readonly { readonly file: string; readonly images: readonly string[] }[];
  /** Directories that CODEOWNERS gives to somebody. */
  readonly owned: readonly OwnedDirectory[];
  /** Directories to the third level, each ends in a slash. */
  readonly directories: readonly string[];
}

/** A directory (ends in a slash) and who owns it, by the last line of CODEOWNERS that matches. */
export interface OwnedDirectory {
  readonly path: string;
  /** `@org/team`, `@person` or an address. */
  readonly owners: readonly string[];
}
