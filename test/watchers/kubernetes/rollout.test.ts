import { expect, test } from "vitest";
import { findReplicaSetRevision, type Revision } from "#watchers/kubernetes/revision.ts";
import { toHistory, toRollout } from "#watchers/kubernetes/rollout.ts";
import { aReplicaSet } from "./objects.ts";

const key = "prod/shop/web";
const at = (time: string) => Date.parse(`2026-11-02T${time}Z`);
const now = at("12:00:00");

function revisions(...sets: ReturnType<typeof aReplicaSet>[]): Revision[] {
  return sets.map((set) => findReplicaSetRevision(set)!);
}

test("maps a ReplicaSet to a rollout with what ran before, by number", () => {
  const all = revisions(aReplicaSet(1), aReplicaSet(3), aReplicaSet(2));

  const rollout = toRollout(key, all[1]!, all, 77);

  expect(rollout).toEqual({
    kind: "rollout",
    id: "rollout/prod/shop/web/uid-web-hash3/3",
    at: 77,
    workload: key,
    revision: 3,
    images: [{ container: "app", image: "registry.example/web:abcdef3" }],
    templateHash: "hash3",
    commit: { sha: "abcdef3", from: "image-tag" },
    previous: { revision: 2, images: [{ container: "app", image: "registry.example/web:abcdef2" }], templateHash: "hash2" },
    previousCommit: { sha: "abcdef2", from: "image-tag" },
  });
});

test("leaves out ReplicaSets that belong to no Deployment, or have no revision", () => {
  expect(findReplicaSetRevision(aReplicaSet(1, { ownerReferences: [] }))).toBeUndefined();
  expect(findReplicaSetRevision(aReplicaSet(1, { annotations: { "deployment.kubernetes.io/revision": "" } }))).toBeUndefined();
});

test("tells a history in order, each revision at its ReplicaSet's birth, and nothing too old", () => {
  const all = revisions(aReplicaSet(3), aReplicaSet(1), aReplicaSet(2));

  const history = toHistory(key, all, { since: at("09:02:00"), now, current: 3 });

  expect(history.map((rollout) => [rollout.revision, rollout.at])).toEqual([
    [2, at("09:02:00")],
    [3, at("09:03:00")],
  ]);
});

test("tells a revision that was taken up again twice: at its birth under its old number, and again after the one it replaced", () => {
  const all = revisions(aReplicaSet(2), aReplicaSet(3, { creationTimestamp: "2026-11-02T09:01:00Z", history: "1" }));

  const history = toHistory(key, all, { since: 0, now, current: 3, progressedAt: at("10:30:00") });

  expect(history.map((rollout) => [rollout.revision, rollout.at, rollout.previous?.revision])).toEqual([
    [1, at("09:01:00"), undefined],
    [2, at("09:02:00"), 1],
    [3, at("10:30:00"), 2],
  ]);
});

test("knows a revision that was taken up again by the births alone, and never puts it before the one it replaced", () => {
  const all = revisions(aReplicaSet(2), aReplicaSet(3, { creationTimestamp: "2026-11-02T09:01:00Z" }));

  const [second, third] = toHistory(key, all, { since: 0, now, current: 3, progressedAt: at("08:00:00") });

  expect([second?.revision, third?.revision]).toEqual([2, 3]);
  expect(third?.at).toBe(at("09:02:00") + 1);
});

test("takes the commit of the image that changed, not of a sidecar that did not", () => {
  const withSidecar = (revision: number, image: string) => {
    const set = aReplicaSet(revision);
    const containers = [
      { name: "proxy", image: "mesh/proxy:1.2-0badcafe" },
      { name: "app", image },
    ];
    return { ...set, spec: { ...set.spec, template: { spec: { containers } } } };
  };
  const all = revisions(withSidecar(1, "web:1111111aa"), withSidecar(2, "web:2222222bb"));

  const rollout = toRollout(key, all[1]!, all, 0);

  expect([rollout.previousCommit?.sha, rollout.commit?.sha]).toEqual(["1111111aa", "2222222bb"]);
});
