import type { Approval } from "#domain/order.ts";
import { createSteps } from "#actions/steps.ts";
import { foretell } from "#analysis/rollout/foretell.ts";
import { isSameIntent } from "#analysis/same-intent.ts";
import { listJobs } from "#clients/kubernetes/jobs.ts";
import { silentLog } from "#lib/log.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Field, aDeployment, anApproval, anOrder, expectPreview, openField, quickClock } from "#test/actions/harness.ts";

const cronJobs = "batch/v1/cronjobs";
const jobs = "batch/v1/jobs";
const deployments = "apps/v1/deployments";
const files = ["db/migrations/0042_orders.down.sql", "db/migrations/0041_carts.down.sql"];

let field: Field;
beforeEach(async () => {
  field = await openField();
  await field.create(deployments, aDeployment());
});
afterEach(() => field[Symbol.asyncDispose]());

const order = (...migrations: string[]) =>
  anOrder(field, { kind: "migrate", migrations: migrations.length > 0 ? migrations : files });

function aTemplate(
  over: object = {},
  containers = [{ name: "down", image: "registry.example/web:1", env: [{ name: "A", value: "b" }] }],
) {
  const template = { spec: { restartPolicy: "Never", containers } };
  return {
    metadata: { name: "web-down" },
    spec: {
      schedule: "0 0 1 1 *",
      suspend: true,
      jobTemplate: { metadata: { labels: { team: "shop" } }, spec: { template } },
      ...over,
    },
  };
}

async function declare(over: object = {}): Promise<void> {
  await field.create(cronJobs, aTemplate(over));
  await field.merge(deployments, "web", { metadata: { annotations: { "k8s-why.dev/down-migration": "web-down" } } });
}

describe("the down-migration", () => {
  it("without a template is a person's word, which changes nothing", async () => {
    const preview = expectPreview(await field.steps.preview(order()));
    expect(preview).toMatchObject({ dryRun: "not-applicable", confirm: expect.stringContaining("schema is back") });
    expect(preview.effects[0]).toContain("0042_orders.down.sql, 0041_carts.down.sql");

    const result = await field.steps.act(await anApproval(field, order()), order());

    expect(result).toMatchObject({ kind: "done", text: expect.stringContaining("A person says that the schema is back") });
    expect(result.calls).toBeUndefined();
  });

  it("with one is a Job that is told the files, runs once and is waited for", async () => {
    await declare();
    const approval = await anApproval(field, order());
    const name = approval.intent.kind === "migrate" ? approval.intent.job?.name : undefined;
    if (name === undefined) throw new Error("Expected a Job");
    expect(await field.read(jobs, name)).toBeUndefined();

    const first = await field.steps.act(approval, order());
    const again = await field.steps.act(approval, order());

    expect(first).toMatchObject({ kind: "done", text: `The Job "${name}" has taken the schema back.` });
    expect(again.kind).toBe("done");
    const { metadata, spec, status } = await field.read(jobs, name);
    expect(metadata).toMatchObject({
      labels: { team: "shop", "app.kubernetes.io/managed-by": "k8s-why" },
      annotations: { "k8s-why.dev/incident": "inc-1" },
    });
    expect(spec.backoffLimit).toBe(0);
    expect(spec.template.spec.containers[0].env).toEqual([
      { name: "A", value: "b" },
      { name: "K8S_WHY_MIGRATIONS", value: files.join("\n") },
    ]);
    expect(status.succeeded).toBe(1);
  });

  it("means the same to the first and to the second person, who look at two moments", async () => {
    await declare();
    const [first, second] = [await anApproval(field, order()), await anApproval(field, order())];

    expect(first.intent).not.toEqual(second.intent);
    expect(isSameIntent(first.intent, second.intent)).toBe(true);
    expect((await field.steps.act({ ...second, by: "U1", second: "U2" }, order())).kind).toBe("done");
  });

  it("is bound to the template that was shown", async () => {
    await declare();
    const approval = await anApproval(field, order());
    const containers = [{ name: "down", image: "registry.example/other:1" }];
    const template = { spec: { restartPolicy: "Never", containers } };
    await field.merge(cronJobs, "web-down", { spec: { jobTemplate: { spec: { template } } } });

    expect(await field.steps.act(approval, order())).toMatchObject({
      kind: "stale",
      text: expect.stringContaining("was changed"),
    });
  });

  it("refuses a template that runs by the clock, and one that is missing", async () => {
    await declare({ suspend: false });
    expect(await field.steps.preview(order())).toMatchObject({ kind: "refused", text: expect.stringContaining("not suspended") });
    await field.merge(deployments, "web", { metadata: { annotations: { "k8s-why.dev/down-migration": "nothing" } } });
    expect(await field.steps.preview(order())).toMatchObject({
      kind: "refused",
      text: expect.stringContaining('no CronJob "nothing"'),
    });
  });

  it("is told paths as they are: nothing in them is taken for a reference", async () => {
    await declare();
    const odd = order("db/$(A)/$$1.up.sql");
    const approval = await anApproval(field, odd);
    const name = approval.intent.kind === "migrate" ? (approval.intent.job?.name ?? "") : "";
    await field.steps.act(approval, odd);

    const { spec } = await field.read(jobs, name);
    expect(spec.template.spec.containers[0].env).toContainEqual({
      name: "K8S_WHY_MIGRATIONS",
      value: "db/$$(A)/$$$$1.up.sql",
    });
  });

  it("runs no Job that is told only some of the files; by hand it says that there are more", async () => {
    const byHand = expectPreview(await field.steps.preview({ ...order(), migrationsCut: true }));
    expect(byHand.warnings[0]).toContain("not whole");
    await declare();
    const approval = await anApproval(field, order());
    const no = { kind: "refused", text: expect.stringContaining("Not all migration files") };

    expect(await field.steps.preview({ ...order(), migrationsCut: true })).toMatchObject(no);
    expect(await field.steps.preview(order(`${"a".repeat(60_000)}.sql`))).toMatchObject(no);
    expect(await field.steps.act(approval, { ...order(), migrationsCut: true })).toMatchObject(no);
  });

  it.each(["StatefulSet", "DaemonSet"] as const)("is there for a %s too", async (kind) => {
    const resource = `apps/v1/${kind.toLowerCase()}s`;
    const { replicas: _, ...spec } = aDeployment().spec;
    const metadata = { name: "web", annotations: { "k8s-why.dev/down-migration": "web-down" } };
    await field.create(resource, { metadata, spec: { ...spec, ...(kind === "StatefulSet" && { serviceName: "web" }) } });
    await field.create(cronJobs, aTemplate());
    const its = { ...order(), workload: { ...order().workload, kind } };

    expect(await field.steps.act(await anApproval(field, its), its)).toMatchObject({
      kind: "done",
      text: expect.stringMatching(/^The Job "k8s-why-down-/),
    });
  });

  it("takes the template that the configuration names, before the one that the workload names", async () => {
    await declare();
    await field.create(cronJobs, { ...aTemplate(), metadata: { name: "by-the-operator" } });
    const downMigrations = new Map([[`${field.namespace}/web`, "by-the-operator"]]);
    const steps = createSteps({
      ...field,
      cluster: "prod",
      clock: quickClock(field.real),
      log: silentLog,
      foretell,
      isProtected: () => false,
      downMigrations,
    });

    expect(expectPreview(await steps.preview(order())).effects[0]).toContain('the suspended CronJob "by-the-operator"');
    expect(expectPreview(await field.steps.preview(order())).effects[0]).toContain('the suspended CronJob "web-down"');
  });

  it("says which Job failed, and where to look", async () => {
    const containers = [{ name: "down", image: "registry.example/web:1" }];
    const template = { spec: { restartPolicy: "Never", nodeSelector: { nowhere: "true" }, containers } };
    await declare({ jobTemplate: { spec: { activeDeadlineSeconds: 2, template } } });

    const result = await field.steps.act(await anApproval(field, order()), order());

    expect(result).toMatchObject({
      kind: "refused",
      text: expect.stringMatching(/failed \(DeadlineExceeded.*kubectl -n .* logs job\//),
    });
  });

  describe("is never two at once", () => {
    const slow = () => {
      const containers = [{ name: "down", image: "registry.example/web:1" }];
      const template = { spec: { restartPolicy: "Never", containers } };
      return { jobTemplate: { spec: { activeDeadlineSeconds: 50 * 60, suspend: true, template } } };
    };
    /** Steps whose patience ends at the second look. */
    const impatient = () => {
      let time = Date.now();
      const clock = { now: () => (time += 1), sleep: async () => void (time += 36 * 60_000) };
      return createSteps({ ...field, cluster: "prod", clock, log: silentLog, foretell, isProtected: () => false });
    };
    const nameOf = ({ intent }: Approval) => (intent.kind === "migrate" ? (intent.job?.name ?? "") : "");
    const all = async () => (await listJobs(field.connection, field.namespace, "")).map(({ metadata }) => metadata.name);
    const createAs = (name: string, annotations: object) =>
      field.create(jobs, {
        metadata: { name, labels: { "app.kubernetes.io/managed-by": "k8s-why" }, annotations },
        spec: slow().jobTemplate.spec,
      });

    it("a press while one runs waits for that one, and makes no second", async () => {
      await declare(slow());
      const first = await anApproval(field, order());
      const stopped = await impatient().act(first, order());
      expect(stopped).toMatchObject({ kind: "refused", text: expect.stringContaining("still runs after 35 minutes") });

      const preview = expectPreview(await field.steps.preview(order()));

      expect(preview.effects).toEqual([expect.stringContaining(`"${nameOf(first)}" runs already`)]);
      expect(isSameIntent(first.intent, preview.intent)).toBe(true);
      await impatient().act({ ...first, intent: preview.intent }, order());
      expect(await all()).toEqual([nameOf(first)]);
    });

    it("one of another incident that runs is named, before the press and after it", async () => {
      await declare(slow());
      const approval = await anApproval(field, order());
      await createAs("earlier", { "k8s-why.dev/incident": "inc-0", "k8s-why.dev/workload": "Deployment/web" });

      const no = { kind: "refused", text: expect.stringContaining('still runs, the Job "earlier"') };
      expect(await field.steps.preview(order())).toMatchObject(no);
      expect(await impatient().act(approval, order())).toMatchObject(no);
      expect(await all()).toEqual(["earlier"]);
    });

    it("one that somebody else made under its name is not taken for ours", async () => {
      await declare();
      const approval = await anApproval(field, order());
      await createAs(nameOf(approval), { "k8s-why.dev/incident": "inc-1" });

      expect(await impatient().act(approval, order())).toMatchObject({
        kind: "refused",
        text: expect.stringContaining("is not the one that was approved"),
      });
    });

    it("one that ended stays for a day, so that a look after a crash finds it", async () => {
      await declare();
      await field.merge(cronJobs, "web-down", { spec: { jobTemplate: { spec: { ttlSecondsAfterFinished: 0 } } } });
      const approval = await anApproval(field, order());

      expect((await field.steps.act(approval, order())).kind).toBe("done");
      expect((await field.read(jobs, nameOf(approval))).spec.ttlSecondsAfterFinished).toBe(24 * 3_600);
    });

    it("one that took the schema back is told of, and a second takes a tick", async () => {
      await declare();
      const approval = await anApproval(field, order());
      expect(expectPreview(await field.steps.preview(order())).confirm).toBeUndefined();
      await field.steps.act(approval, order());

      const preview = expectPreview(await field.steps.preview(order()));

      expect(preview.warnings[0]).toContain(`"${nameOf(approval)}" has taken the same files back already`);
      expect(preview.confirm).toContain("a second time");
    });
  });
});
