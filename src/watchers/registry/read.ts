import { z } from "zod";
import type { CommitGuess } from "#domain/change.ts";
import type { RegistryClient } from "#clients/registry/client.ts";
import { parseImage } from "./image.ts";

/** The commit that an image says it was built from; undefined: it says nothing, or is not of a registry that may be read. */
export type ReadImageCommit = (image: string) => Promise<CommitGuess | undefined>;

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const platformSchema = z.object({ os: z.string().optional(), architecture: z.string().optional() });
const manifestSchema = z.object({
  config: z.object({ digest: digestSchema }).optional(),
  manifests: z
    .array(z.object({ digest: digestSchema, platform: platformSchema.optional() }))
    .max(100)
    .optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const configSchema = z.object({
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");
/** https://github.com/opencontainers/image-spec/blob/main/annotations.md */
const REVISION = "org.opencontainers.image.revision";

/** Reads an image's own word from its registry: index, manifest, configuration; three small requests. */
export function createImageCommitReader(client: RegistryClient, registries: readonly string[]): ReadImageCommit {
  const named = new Set(registries.map((registry) => registry.replace(/^http:\/\//, "")));
  return async (image) => {
    const parts = parseImage(image);
    if (!parts || !named.has(parts.host)) return undefined;
    const { host, repository, reference } = parts;
    const manifest = await readManifest(client, host, repository, reference);
    if (!manifest) return undefined;
    return toGuess(manifest.annotations?.[REVISION] ?? (await readLabel(client, host, repository, manifest.config?.digest)));
  };
}

async function readLabel(
  client: RegistryClient,
  host: string,
  repository: string,
  digest: string | undefined,
): Promise<string | undefined> {
  if (digest === undefined) return undefined;
  const blob = await client.get(host, `${repository}/blobs/${digest}`, "*/*");
  return configSchema.safeParse(blob).data?.config?.Labels?.[REVISION];
}

async function readManifest(client: RegistryClient, host: string, repository: string, reference: string) {
  const read = async (name: string) =>
    manifestSchema.safeParse(await client.get(host, `${repository}/manifests/${name}`, manifestTypes)).data;
  const first = await read(reference);
  if (!first?.manifests || first.config) return first;
  const isCommon = (one: NonNullable<typeof first.manifests>[number]) =>
    one.platform?.os === "linux" && one.platform.architecture === "amd64";
  const chosen = first.manifests.find(isCommon) ?? first.manifests[0];
  return chosen ? read(chosen.digest) : undefined;
}

function toGuess(revision: string | undefined): CommitGuess | undefined {
  const sha = /^[0-9a-f]{7,40}$/i.exec(revision ?? "")?.[0]?.toLowerCase();
  return sha === undefined ? undefined : { sha, from: "image-label" };
}
