import { describe, expect, it } from "vitest";
import type { ConfigEdit } from "#domain/change.ts";
import { createConfigEdits } from "#watchers/kubernetes/config-edits.ts";
import { type ConfigObject, configKinds, findConfigObject } from "#watchers/kubernetes/config-object.ts";
import { configRefsOf, lastingName } from "#watchers/kubernetes/config-refs.ts";
import { DAY, HOUR, MINUTE, NOON, SECOND } from "#test/builders.ts";

const [configMap, quota, , priorityClass] = configKinds;
const iso = (at: number) => new Date(at).toISOString();

interface Over {
  readonly name?: string;
  readonly uid?: string;
  readonly createdAt?: number;
  readonly editedAt?: number;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

function aConfigMap(data: Record<string, string>, over: Over = {}): ConfigObject | undefined {
  const { name = "settings", uid = `uid-${name}`, createdAt = NOON - 90 * DAY, editedAt, labels, annotations } = over;
  const time = iso(editedAt ?? createdAt);
  const managedFields = [{ manager: "kubectl", operation: "Update", time, fieldsV1: { "f:data": {} } }];
  const creationTimestamp = iso(createdAt);
  const metadata = { name, namespace: "shop", uid, resourceVersion: "1", creationTimestamp, labels, annotations, managedFields };
  return findConfigObject(configMap, { metadata, data });
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("Cannot go on: there is no value");
  return value;
}

function started(held: readonly ConfigObject[] = []) {
  const told: ConfigEdit[] = [];
  let now = NOON;
  const edits = createConfigEdits({ cluster: "prod", now: () => now, emit: (change) => void told.push(change) });
  edits.uses("prod/shop/web", { spec: { volumes: [{ configMap: { name: "settings" } }], priorityClassName: "high" } });
  edits.uses("prod/shop/cart", { spec: { containers: [{ envFrom: [{ configMapRef: { name: "flags-7f8b6c9d2k" } }] }] } });
  edits.uses("prod/other/web", { spec: { volumes: [{ configMap: { name: "settings" } }] } });
  for (const object of held) edits.object(object, undefined);
  edits.begin("ConfigMap", held);
  edits.begin("PriorityClass", []);
  edits.workloadsKnown();
  const edit = (data: Record<string, string>, before: Record<string, string>, over: Over = {}) =>
    edits.object(required(aConfigMap(data, over)), required(aConfigMap(before, over)));
  return { told, edits, edit, wait: (ms: number) => void (now += ms) };
}

describe("what a pod template depends on", () => {
  it("is named in volumes, projected volumes, envFrom and env, of init containers too", () => {
    const template = {
      spec: {
        priorityClassName: "high",
        volumes: [
          { configMap: { name: "a" } },
          { projected: { sources: [{ configMap: { name: "b" } }, { secret: {} }] } },
          { emptyDir: {} },
        ],
        containers: [{ envFrom: [{ configMapRef: { name: "c" } }, { secretRef: { name: "x" } }] }],
        initContainers: [
          {
            env: [
              { name: "A", valueFrom: { configMapKeyRef: { name: "d", key: "k" } } },
              { name: "B", value: "1" },
            ],
          },
        ],
      },
    };
    expect(configRefsOf(template)).toEqual({ configMaps: ["a", "b", "c", "d"], priorityClass: "high" });
    expect(configRefsOf(undefined)).toEqual({ configMaps: [] });
    expect(configRefsOf({ spec: {} })).toEqual({ configMaps: [] });
  });

  it("keeps its name where kustomize adds a hash", () => {
    expect(lastingName("settings-7f8b6c9d2k")).toBe("settings");
    expect(lastingName("settings-production")).toBe("settings-production");
  });
});

describe("what is kept of an object", () => {
  it("is a digest a key, and never a value", () => {
    const object = required(aConfigMap({ password: "hunter2", url: "https://hunter2.example" }));
    expect(JSON.stringify([...object.digests, object])).not.toContain("hunter2");
    expect([...object.digests.keys()]).toEqual(["password", "url"]);
  });

  it("is nothing where machines write it as their state", () => {
    for (const name of ["kube-root-ca.crt", "k8s-why-audit-head", "k8s-why-steps"])
      expect(aConfigMap({ a: "1" }, { name })).toBeUndefined();
    expect(aConfigMap({ a: "1" }, { annotations: { "control-plane.alpha.kubernetes.io/leader": "{}" } })).toBeUndefined();
  });

  it("is bounded, whatever there is in it", () => {
    const many = (last: string) =>
      Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key-${index}`, index === 4_999 ? last : "x"]));
    const object = required(aConfigMap(many("a")));
    expect(object.digests.size).toBe(201);
    expect([...required(aConfigMap(many("b"))).digests]).not.toEqual([...object.digests]);
  });
});

describe("an edit of a ConfigMap", () => {
  it("names keys, users, tool and the time of the write, and no value", () => {
    const { told, edits } = started();
    const before = required(aConfigMap({ timeout: "2s", url: "a", old: "1" }));
    const after = required(aConfigMap({ timeout: "30s", url: "a", added: "1" }, { editedAt: NOON - 30 * SECOND }));
    edits.object(after, before);
    expect(told).toEqual([
      {
        kind: "config-edit",
        id: `config-edit/prod/ConfigMap/shop/settings/uid-settings/edited/${NOON - 30 * SECOND}`,
        at: NOON - 30 * SECOND,
        cluster: "prod",
        object: "ConfigMap",
        namespace: "shop",
        name: "settings",
        what: "edited",
        keys: ["added", "old", "timeout"],
        usedBy: ["prod/shop/web"],
        tool: "kubectl",
      },
    ]);
    expect(JSON.stringify(told)).not.toContain("30s");
  });

  it("is told only where the content is other than before", () => {
    const { told, edit } = started();
    edit({ a: "1" }, { a: "1" });
    expect(told).toEqual([]);
  });

  it("of a generated name is the edit of what it replaces", () => {
    const { told, edits, wait } = started([required(aConfigMap({ a: "1", b: "2" }, { name: "flags-7f8b6c9d2k" }))]);
    wait(MINUTE);
    edits.object(required(aConfigMap({ a: "1", b: "3" }, { name: "flags-tt8b6c9d2k", createdAt: NOON + MINUTE })), undefined);
    edits.objectGone(required(aConfigMap({ a: "1", b: "2" }, { name: "flags-7f8b6c9d2k" })));
    expect(told).toMatchObject([
      { what: "edited", keys: ["b"], usedBy: ["prod/shop/cart"], at: NOON + MINUTE, name: "flags-tt8b6c9d2k" },
    ]);
  });

  it("is told of creation and deletion too", () => {
    const { told, edits, wait } = started();
    const object = required(aConfigMap({ a: "1" }, { createdAt: NOON - SECOND }));
    edits.object(object, undefined);
    wait(HOUR);
    edits.objectGone(object);
    expect(told).toMatchObject([
      { what: "created", at: NOON - SECOND },
      { what: "deleted", at: NOON + HOUR },
    ]);
  });

  it("is not told again and again of what is written all the time", () => {
    const { told, edit, wait } = started();
    for (let index = 0; index < 100; index += 1) {
      wait(10 * SECOND);
      edit({ a: String(index) }, { a: String(index - 1) });
    }
    expect(told).toHaveLength(5);
    wait(HOUR);
    edit({ a: "calm" }, { a: "99" });
    expect(told).toHaveLength(6);
  });

  it("made while nobody watched is found by the time that the server kept, once workloads are known", () => {
    const told: ConfigEdit[] = [];
    const edits = createConfigEdits({ cluster: "prod", now: () => NOON, emit: (change) => void told.push(change) });
    const held = [
      required(aConfigMap({ a: "1" }, { editedAt: NOON - 30 * HOUR })),
      required(aConfigMap({ a: "1" }, { name: "old" })),
    ];
    for (const object of held) edits.object(object, undefined);
    edits.begin("ConfigMap", held);
    expect(told).toEqual([]);
    edits.uses("prod/shop/web", { spec: { volumes: [{ configMap: { name: "settings" } }] } });
    edits.workloadsKnown();
    expect(told).toMatchObject([{ what: "edited", at: NOON - 30 * HOUR, keys: [], usedBy: ["prod/shop/web"], tool: "kubectl" }]);
    expect(told[0]?.id.endsWith("/found")).toBe(true);
  });
});

describe("other objects", () => {
  it("a PriorityClass that is made anew with another value is an edit of its value, for all who use it", () => {
    const { told, edits } = started();
    const of = (value: number, uid: string) => {
      const metadata = { name: "high", uid, resourceVersion: "1", creationTimestamp: iso(NOON - HOUR) };
      return required(findConfigObject(priorityClass, { metadata, value }));
    };
    edits.object(of(1, "a"), undefined);
    edits.objectGone(of(1, "a"));
    edits.object(of(1_000, "b"), undefined);
    expect(told).toMatchObject([
      { what: "created" },
      { what: "deleted" },
      { what: "edited", keys: ["value"], object: "PriorityClass", usedBy: ["prod/shop/web"] },
    ]);
    expect(told[0]).not.toHaveProperty("namespace");
  });

  it("a quota's use is no edit, its limit is", () => {
    const metadata = { name: "q", namespace: "shop", uid: "q", resourceVersion: "1", creationTimestamp: iso(NOON) };
    const of = (hard: string, used: string) =>
      required(findConfigObject(quota, { metadata, spec: { hard: { cpu: hard } }, status: { used } }));
    expect([...of("10", "1").digests]).toEqual([...of("10", "2").digests]);
    expect([...of("10", "1").digests]).not.toEqual([...of("20", "1").digests]);
  });
});
