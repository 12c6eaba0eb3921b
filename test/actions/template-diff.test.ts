import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffTemplates } from "#actions/template-diff.ts";
import type { KubePodTemplate } from "#clients/kubernetes/objects.ts";

type Pod = Record<string, unknown>;

function aTemplate(container: object = {}, pod: Pod = {}, metadata: object = {}): KubePodTemplate {
  const app = { name: "app", image: "registry.example/web:41", ...container };
  return { metadata: { labels: { app: "web" }, ...metadata }, spec: { containers: [app], ...pod } };
}

const annotated = (annotations: object) => aTemplate({}, {}, { annotations });

describe("the diff of two pod templates", () => {
  it.each<[string, KubePodTemplate, KubePodTemplate, string[]]>([
    ["says nothing where nothing differs", aTemplate(), aTemplate({ args: null, env: undefined }), []],
    [
      "shows images under the name of their container",
      aTemplate(),
      aTemplate({ image: "registry.example/web:40" }),
      ["  container app", "- image: registry.example/web:41", "+ image: registry.example/web:40"],
    ],
    [
      "follows the order of a manifest",
      aTemplate({ workingDir: "/a", resources: { requests: { cpu: "1" } }, command: ["run"] }),
      aTemplate({ image: "web:40", resources: { requests: { cpu: "200m" } } }),
      [
        "  container app",
        "- image: registry.example/web:41",
        "+ image: web:40",
        "- command: run",
        "- workingDir: /a",
        "- resources.requests.cpu: 1",
        "+ resources.requests.cpu: 200m",
      ],
    ],
    [
      "names environment variables and never their values",
      aTemplate({
        env: [
          { name: "GONE", value: "old-value" },
          { name: "DSN", value: "before" },
        ],
      }),
      aTemplate({
        env: [
          { name: "DSN", value: "after-it" },
          { name: "NEW", value: "new-value" },
        ],
        envFrom: [{ secretRef: { name: "x" } }],
      }),
      [
        "  container app",
        "+ envFrom (value hidden)",
        "- env GONE (value hidden)",
        "~ env DSN: changed",
        "+ env NEW (value hidden)",
      ],
    ],
    [
      "shows which arguments go and come, and hides those that look like secrets",
      aTemplate({ args: ["--port=80", "--password=hunter2", "--api-token", "hunter3", "postgres://me:hunter4@db/x"] }),
      aTemplate({ args: ["--verbose", "--port=80"] }),
      [
        "  container app",
        "- args: --password=…",
        "- args: --api-token",
        "- args (value hidden)",
        "- args: postgres://…@db/x",
        "+ args: --verbose",
      ],
    ],
    [
      "tells an order from a change",
      aTemplate({ args: ["a", "b"] }),
      aTemplate({ args: ["b", "a"] }),
      ["  container app", "~ args (order): changed"],
    ],
    [
      "hides annotations that hold tokens",
      annotated({ note: "first", "vault/token": "s.123", jwt: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc" }),
      annotated({ note: "second", "vault/token": "s.456" }),
      ["  annotations", "- jwt: …", "- note: first", "+ note: second", "~ vault/token: changed"],
    ],
    [
      "shows fields that it does not know, and containers that are new or gone",
      aTemplate({}, { futureField: { deep: [{ name: "a", size: 1 }] } }),
      aTemplate({}, { futureField: { deep: [{ name: "a", size: 2 }] }, initContainers: [{ name: "wait", image: "w:1" }] }),
      ["  init container wait", "+ image: w:1", "  pod", "- futureField.deep[a].size: 1", "+ futureField.deep[a].size: 2"],
    ],
    [
      "tells mounts of one volume apart",
      aTemplate({
        volumeMounts: [
          { name: "v", mountPath: "/a" },
          { name: "v", mountPath: "/b" },
        ],
      }),
      aTemplate({
        volumeMounts: [
          { name: "v", mountPath: "/b", readOnly: true },
          { name: "v", mountPath: "/a" },
        ],
      }),
      ["  container app", "+ volumeMounts[/b].readOnly: true"],
    ],
  ])("%s", (_, from, to, lines) => {
    expect(diffTemplates(from, to)).toEqual(lines);
  });

  it("is cut, and the image stays in it", () => {
    const labels = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`label-${index}`, "x"]));

    const lines = diffTemplates(aTemplate({ image: "web:40" }), aTemplate({}, {}, { labels }));

    expect(lines).toHaveLength(41);
    expect(lines.slice(0, 3)).toContain("- image: web:40");
    expect(lines.at(-1)).toMatch(/^ {2}and 26\d more$/);
  });

  it("makes hostile values harmless", () => {
    const hostile = "```\n<!channel> \u202E*x* \u0000".repeat(500);

    const lines = diffTemplates(
      aTemplate(),
      aTemplate({ args: [hostile], [hostile]: hostile }, {}, { annotations: { [hostile]: hostile } }),
    );

    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => line.length > 260)).toEqual([]);
    expect(lines.join("")).not.toMatch(/[`\p{Cc}\p{Cf}]/u);
  });

  it("takes no time for a megabyte", () => {
    const long = "token".repeat(200_000);
    // Of the processor: the wall depends on who else is at work.
    const began = process.cpuUsage();

    diffTemplates(aTemplate({ args: [long] }), aTemplate({ args: [`${long} `], command: [" ".repeat(1_000_000)] }));

    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(1_000);
  });

  it("never shows a value of the environment of either side, wherever else it stands", () => {
    // Not a word of ours, and not the name of a field.
    const secret = fc
      .string({ minLength: 6, maxLength: 60, unit: fc.constantFrom(...Array.from("kqzXYZ0189 \n`\"'$/=-é\u200B")) })
      .map((text) => `K${text}Q`);
    const containing = (secrets: string[]) =>
      fc.oneof(
        fc.constantFrom(...secrets),
        fc.constantFrom(...secrets).map((text) => `--flag ${text}`),
        fc.constantFrom(...secrets).map((text) => `${text.slice(0, 3)}\u200B${text.slice(3)}`),
        fc.string({ maxLength: 5 }),
      );
    const template = (secrets: string[]) =>
      fc.record({
        args: fc.array(containing(secrets), { maxLength: 4 }),
        env: fc.array(fc.record({ name: fc.constantFrom("A", "B", "C"), value: fc.constantFrom(...secrets) }), { maxLength: 3 }),
        annotations: fc.dictionary(containing(secrets), containing(secrets), { maxKeys: 3 }),
        pod: fc.dictionary(
          fc.constantFrom("hostname", "unknown"),
          fc.oneof(containing(secrets), fc.record({ deep: containing(secrets) })),
        ),
      });
    const pair = fc
      .array(secret, { minLength: 1, maxLength: 4 })
      .chain((secrets) => fc.tuple(template(secrets), template(secrets)));

    fc.assert(
      fc.property(pair, ([left, right]) => {
        const [from, to] = [left, right].map(({ args, env, annotations, pod }) => aTemplate({ args, env }, pod, { annotations }));
        const text = diffTemplates(from!, to!).join("\n");
        for (const { value } of [...left.env, ...right.env]) expect(text).not.toContain(value);
      }),
      { numRuns: 2_000 },
    );
  });
});
