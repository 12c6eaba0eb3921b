import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { isPublicAddress, lookupPublic } from "#clients/registry/addresses.ts";
import { createRegistryClient, type RegistryClient } from "#clients/registry/client.ts";
import { createImageCommitReader } from "#watchers/registry/read.ts";
import { parseImage } from "#watchers/registry/image.ts";

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void;
let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

/** A server on loopback; what was asked of it. */
async function serve(answer: Answer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? "-"}`);
    answer(request, response, new URL(request.url ?? "/", "http://x"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const json = (response: ServerResponse, body: unknown) =>
  void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const revision = "0123456789abcdef0123456789abcdef01234567";

/** An index, a manifest and a configuration, as registries keep them; behind a sign-in. */
function registry(request: IncomingMessage, response: ServerResponse, url: URL): void {
  if (url.pathname === "/token") return json(response, { token: "let-me-in", asked: url.searchParams.get("scope") });
  if (request.headers.authorization !== "Bearer let-me-in") {
    const realm = `http://${request.headers.host}/token`;
    const challenge = `Bearer realm="${realm}",service="registry",scope="repository:shop/web:pull"`;
    return void response.writeHead(401, { "www-authenticate": challenge }).end("{}");
  }
  const bodies: Record<string, unknown> = {
    "/v2/shop/web/manifests/7": {
      manifests: [
        { digest: digest("a"), platform: { os: "linux", architecture: "arm64" } },
        { digest: digest("b"), platform: { os: "linux", architecture: "amd64" } },
      ],
    },
    [`/v2/shop/web/manifests/${digest("b")}`]: { config: { digest: digest("c") } },
    [`/v2/shop/web/blobs/${digest("c")}`]: { config: { Labels: { "org.opencontainers.image.revision": revision } } },
    "/v2/shop/odd/manifests/7": { config: { digest: "../../../token" } },
    "/v2/shop/liar/manifests/7": { annotations: { "org.opencontainers.image.revision": "main; rm -rf /" } },
  };
  const body = bodies[url.pathname];
  if (body) json(response, body);
  else response.writeHead(404).end("{}");
}

function client(...hosts: string[]): RegistryClient {
  return stack.use(createRegistryClient(hosts.map((host) => `http://${host}`)));
}

describe("an image's own word", () => {
  it("is read through index, manifest and configuration, signed in as nobody", async () => {
    const { host, asked } = await serve(registry);
    const read = createImageCommitReader(client(host), [`http://${host}`]);
    expect(await read(`${host}/shop/web:7`)).toEqual({ sha: revision, from: "image-label" });
    expect(asked.some((line) => line.startsWith("/token?service=registry&scope=repository"))).toBe(true);
  });

  it("is nothing where the registry does not know it, or says what is no commit", async () => {
    const { host } = await serve(registry);
    const read = createImageCommitReader(client(host), [`http://${host}`]);
    for (const image of ["shop/none:7", "shop/odd:7", "shop/liar:7"]) expect(await read(`${host}/${image}`)).toBeUndefined();
  });

  it("is asked of no registry that the configuration does not name", async () => {
    const { host, asked } = await serve(registry);
    const read = createImageCommitReader(client(), []);
    for (const image of [`${host}/shop/web:7`, "nginx", "169.254.169.254/latest/meta-data:7"])
      expect(await read(image)).toBeUndefined();
    await expect(client("registry.example").get(host, "x", "*/*")).rejects.toThrow("does not name it");
    expect(asked).toEqual([]);
  });
});

describe("a hostile registry", () => {
  it.each([
    ["http://HOST/secret", "a private address"],
    ["http://169.254.169.254/latest/meta-data", "the cloud's metadata"],
    ["https://127.0.0.1/secret", "this machine"],
    ["https://[::1]/secret", "this machine by IPv6"],
    ["https://2130706433/secret", "this machine as a number"],
    ["https://localhost/secret", "this machine by name"],
    ["file:///etc/passwd", "a file"],
  ])("cannot send us to %s: %s", async (location) => {
    const inner = await serve((_request, response) => json(response, { secret: true }));
    const { host } = await serve(
      (_request, response) => void response.writeHead(307, { location: location.replace("HOST", inner.host) }).end(),
    );
    await expect(client(host).get(host, "shop/web/manifests/7", "*/*")).rejects.toThrow(/public address|only public/);
    expect(inner.asked).toEqual([]);
  });

  it("cannot have us sign in at a private address", async () => {
    const inner = await serve((_request, response) => json(response, { token: "x" }));
    const { host } = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": `Bearer realm="http://${inner.host}/token"` }).end();
    });
    await expect(client(host).get(host, "shop/web/manifests/7", "*/*")).rejects.toThrow("only public addresses");
    expect(inner.asked).toEqual([]);
  });

  it.each([
    [
      "sends us around for ever",
      (_: IncomingMessage, response: ServerResponse) => void response.writeHead(302, { location: "/v2/again" }).end(),
      "more than 3 times",
    ],
    [
      "answers without end",
      (_: IncomingMessage, response: ServerResponse) => void response.end(`"${"x".repeat(3_000_000)}"`),
      "larger than 2 MB",
    ],
    [
      "answers no JSON",
      (_: IncomingMessage, response: ServerResponse) => void response.end("<html>"),
      "Cannot read from the registry",
    ],
    ["is ill", (_: IncomingMessage, response: ServerResponse) => void response.writeHead(503).end(), "it answers 503"],
  ])("%s: a sentence", async (_name, answer, text) => {
    const { host } = await serve(answer);
    await expect(client(host).get(host, "shop/web/manifests/7", "*/*")).rejects.toThrow(text);
  });
});

describe("addresses", () => {
  it.each(["8.8.8.8", "2606:4700::1111"])("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));
  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "fd00::1",
    "fe80::1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "[::1]",
    "registry.example",
    "",
  ])("%s is not", (address) => expect(isPublicAddress(address)).toBe(false));

  it("a name that leads to this machine is not found", async () => {
    const error = await new Promise((resolve) => lookupPublic("localhost", {}, resolve));
    expect(String(error)).toContain("no public address");
  });
});

describe("an image's name", () => {
  it.each([
    ["nginx", { host: "docker.io", repository: "library/nginx", reference: "latest" }],
    ["acme/web:7", { host: "docker.io", repository: "acme/web", reference: "7" }],
    ["ghcr.io/acme/web:7@" + digest("a"), { host: "ghcr.io", repository: "acme/web", reference: digest("a") }],
    ["registry:5000/a/b__c-d.e", { host: "registry:5000", repository: "a/b__c-d.e", reference: "latest" }],
  ])("%s", (image, parts) => expect(parseImage(image)).toEqual(parts));

  it.each([
    "",
    "a//b",
    "ghcr.io/../../x",
    "ghcr.io/a b",
    "ghcr.io/A/b",
    "user@ghcr.io/a",
    "ghcr.io/a@sha256:zz",
    "ghcr.io/a?x=1",
    "x".repeat(700),
    "a/" + "a-".repeat(250),
  ])("%s is none", (image) => expect(parseImage(image)).toBeUndefined());
});
