import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { landingOf, namespace, repositoryName, templateOf } from "./small-shop.ts";
import { startWorld, type World } from "./world.ts";

// A whole program starts in 3 s of CPU; a busy machine makes that 20 s of the wall.
vi.setConfig({ testTimeout: 300_000 });

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const within = { timeout: 120_000, interval: 250 };
const headline = (): string => JSON.stringify(world.headlines()[0]?.versions.at(-1)?.blocks ?? "");

function roll(template: object): void {
  world.cluster.apply({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "it", namespace }, spec: { template } });
}

it("a rollout that never becomes ready has one headline with the way back, and it closes once the old code runs again", async () => {
  const good = world.cluster.store.get("apps/v1/deployments", namespace, "it")?.spec?.["template"];
  const files = [{ path: "services/it/src/server.ts", status: "modified" as const, additions: 12, deletions: 3 }];
  const commit = landingOf({ at: world.clock.now(), message: "feat: wait for a port that nobody opens", files });
  await world.github.push(repositoryName, [commit]);
  const bad = templateOf(commit.sha, 0.01);
  const annotations = { ...bad.metadata.annotations, "load/never-ready": "true" };
  roll({ ...bad, metadata: { ...bad.metadata, annotations } });

  await expect.poll(headline, within).toContain("shop/it: revision 2 fails");
  expect(headline()).toMatch(/Revision 2 has made no progress for \d/);
  await expect.poll(headline, within).toContain("From revision 2 to revision 1");
  expect(headline()).toContain("feat: wait for a port that nobody opens");

  const mended = good as ReturnType<typeof templateOf>;
  // A patch leaves what it does not name.
  roll({
    ...mended,
    metadata: { ...mended.metadata, annotations: { ...mended.metadata.annotations, "load/never-ready": null } },
  });

  await expect.poll(headline, within).toContain("shop/it: its pods are well again");
  expect(world.headlines()).toHaveLength(1);
});
