/** Where an image is, as the distribution API asks for it. */
export interface ImageParts {
  readonly host: string;
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
}

const HOST = /^[\w.-]+(:\d{1,5})?$/;
const PART = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const longest = 600;

/** `nginx` is `docker.io/library/nginx:latest`. What is no image's name gives undefined (https://github.com/distribution/reference). */
export function parseImage(image: string): ImageParts | undefined {
  if (image.length > longest) return undefined;
  const [name = "", digest] = image.split("@", 2);
  const tag = /:([\w][\w.-]{0,127})$/.exec(name)?.[1];
  const { host, repository } = toPlace(tag === undefined ? name : name.slice(0, -tag.length - 1));
  const reference = digest ?? tag ?? "latest";
  return isImage({ host, repository }, digest) ? { host, repository, reference } : undefined;
}

function isImage({ host, repository }: Pick<ImageParts, "host" | "repository">, digest: string | undefined): boolean {
  const isName = HOST.test(host) && repository.split("/").every((part) => PART.test(part));
  return isName && (digest === undefined || DIGEST.test(digest));
}

function toPlace(path: string): Pick<ImageParts, "host" | "repository"> {
  const [first = "", ...rest] = path.split("/");
  if (rest.length === 0) return { host: "docker.io", repository: `library/${path}` };
  const isHost = /[.:]/.test(first) || first === "localhost";
  return isHost ? { host: first, repository: rest.join("/") } : { host: "docker.io", repository: path };
}
