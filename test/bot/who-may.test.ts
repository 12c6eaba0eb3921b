import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Desk, diagnosis, startDesk } from "./desk.ts";
import { type Verb, verbs } from "#domain/policy.ts";
import { atDomain, author, glass, inGroup, named, nobody, second, unconfirmed, unknown } from "./who.ts";
import { shopWeb } from "#test/builders.ts";

/** How many people each act takes, as docs/policy.md says it; nobody knows here whether the code may go back. */
const table = new Map(
  [...readFileSync("docs/policy.md", "utf8").matchAll(/^\| `([a-z]+)` \| .* \| (.*\b(?:one|two)) \|$/gm)].map(
    ([, act = "", people = ""]) => [act, people.endsWith("two") ? 2 : 1] as const,
  ),
);
const isTwo = (kind: Verb) => table.get(kind) === 2;
const reason = "The site is down and nobody else is awake";
const first = "Yours is the first of two yeses.";
const said = (text: string) => expect.stringContaining(text) as string;

let desk: Desk;
beforeAll(async () => void (desk = await startDesk()));
afterAll(() => desk[Symbol.asyncDispose]());
beforeEach(() => desk.reset());

/** Presses and submits, where it takes two also as the second. */
async function approve(kind: Verb, user: string) {
  const { viewer } = await desk.press(kind, user);
  const answers = [await desk.go(kind, user)];
  const before = await desk.acts();
  if (isTwo(kind)) answers.push(await desk.go(kind, second));
  return { viewer, answers, before: isTwo(kind) ? before : [], acts: await desk.acts() };
}

function approved(kind: Verb, user: string) {
  const viewer = { user, allowed: true, approvals: isTwo(kind) ? 2 : 1, breakGlass: false };
  const two = isTwo(kind) ? { second } : {};
  const answers = isTwo(kind) ? [said(first), said("Approved.")] : [said("Approved.")];
  return { viewer, answers, before: [], acts: [{ by: user, ...two, intent: { kind } }] };
}

/** Presses; submits a modal that they have all the same, and once more with a reason. */
async function attempt(kind: Verb, user: string) {
  const { viewer, said: told } = await desk.press(kind, user);
  const answer = await desk.go(kind, user);
  return { viewer, told, answer, withReason: await desk.go(kind, user, { reason }), acts: await desk.acts() };
}

function refused(why: string, withReason = "You are not among those who may break the glass.") {
  return { viewer: undefined, told: said(why), answer: said(why), withReason: said(withReason), acts: [] };
}

test("docs/policy.md says how many people every act takes", () => {
  expect([...table.keys()].toSorted()).toEqual([...verbs].toSorted());
});

describe.each(verbs)("%s:", (kind) => {
  const go = (user: string, doing?: Parameters<Desk["go"]>[2]) => desk.go(kind, user, doing);

  test("a member whom a rule names may", async () => {
    expect(await approve(kind, named)).toMatchObject(approved(kind, named));
  });

  test("a member of a user group that a rule names may", async () => {
    expect(await approve(kind, inGroup)).toMatchObject(approved(kind, inGroup));
  });

  test("a member with a confirmed address at a domain that a rule names may", async () => {
    expect(await approve(kind, atDomain)).toMatchObject(approved(kind, atDomain));
  });

  test("the suspect's author may be the first, or the only one", async () => {
    expect(await approve(kind, author.id)).toMatchObject(approved(kind, author.id));
  });

  test.runIf(isTwo(kind))("the suspect's author is not the second", async () => {
    await go(named);
    expect(await go(author.id)).toContain("You wrote the suspected change");
    expect(await desk.acts()).toEqual([]);
  });

  test.runIf(isTwo(kind))("the same person twice is one person", async () => {
    await go(named);
    expect(await go(named)).toContain("You have said yes already. It takes two different people");
    expect(await desk.acts()).toEqual([]);
  });

  test("a member with an unconfirmed address at such a domain may not", async () => {
    expect(await attempt(kind, unconfirmed)).toEqual(refused("No rule allows you"));
  });

  test("a member whom no rule allows it may not", async () => {
    expect(await attempt(kind, nobody)).toEqual(refused("No rule allows you"));
  });

  test("a guest may not, whatever the rules say", async () => {
    expect(await attempt(kind, "U0GUEST")).toEqual(refused("Guests may not act."));
  });

  test("a guest of one channel may not, whatever the rules say", async () => {
    expect(await attempt(kind, "U0SINGLE")).toEqual(refused("Guests may not act."));
  });

  test("a bot may not, whatever the rules say", async () => {
    expect(await attempt(kind, "U0BOT")).toEqual(refused("Bots may not act."));
  });

  test("a deactivated account may not, whatever the rules say", async () => {
    expect(await attempt(kind, "U0GONE")).toEqual(refused("A deactivated account may not act."));
  });

  test("a stranger may not, whatever the rules say", async () => {
    expect(await attempt(kind, "U0STRANGER")).toEqual(refused("People of another workspace may not act."));
  });

  test("somebody of another workspace may not, whatever the rules say", async () => {
    expect(await attempt(kind, "U0ELSEWHERE")).toEqual(refused("People of another workspace may not act."));
  });

  test("who may break the glass acts alone, with a reason that goes along", async () => {
    expect((await desk.press(kind, glass)).viewer).toMatchObject({ allowed: false, breakGlass: true });
    expect(await go(glass, { reason })).toContain("Approved.");
    expect(await desk.acts()).toMatchObject([{ by: glass, breakGlass: reason }]);
  });

  test("who may break the glass may not without a reason, or with one that says nothing", async () => {
    expect(await go(glass)).toContain("No rule allows you");
    expect(await go(glass, { reason: "because" })).toContain("takes a reason that others can understand");
    expect(await desk.acts()).toEqual([]);
  });

  test("nobody may in a protected namespace, not with a reason either", async () => {
    await desk.reset({ workload: { ...shopWeb, namespace: "vault" } });
    const no = refused("is protected", "The namespace is protected: no reason opens it.");
    expect(await attempt(kind, named)).toEqual(no);
    expect(await attempt(kind, glass)).toEqual({ ...no, told: said("Nothing was changed."), answer: said("is protected") });
  });

  test("nobody may while all acts are stopped, not with a reason either", async () => {
    await desk.store.saveStop({ by: named, at: 0 });
    for (const user of [named, glass]) expect(await go(user, { reason })).toContain("All acts are stopped.");
    expect(await desk.acts()).toEqual([]);
  });

  test("nobody may while Slack does not say who they are", async () => {
    const late = "could not be written down right now";
    using away = desk.stage.slack.inject({ kind: "server-error", method: "users.info", afterEffect: false });
    expect(away).toBeDefined();
    expect(await attempt(kind, unknown)).toEqual({
      ...refused(late, late),
      told: said("Slack does not say who you are right now"),
    });
  });

  test.runIf(isTwo(kind))("nobody may as second while Slack does not say who wrote the suspect", async () => {
    await desk.reset({ diagnosis: by(`${kind}@example.com`) });
    using away = desk.stage.slack.inject({ kind: "server-error", method: "users.lookupByEmail", afterEffect: false });
    expect(away).toBeDefined();
    await go(named);
    expect(await go(second)).toContain("could not be written down right now");
    expect(await desk.acts()).toEqual([]);
  });

  test("a choice in a modal is shown to those only who may", async () => {
    const views = [(await desk.press(kind, nobody)).view, (await desk.press(kind, named)).view];
    for (const view of views) await desk.fill(view, kind);
    const before = desk.previews.length;
    for (const [index, user] of [nobody, named].entries()) await desk.pick(views[index] ?? "", user);
    await vi.waitFor(() => expect(desk.previews.length).toBeGreaterThan(before));
    expect(desk.previews.slice(before)).toMatchObject([{ viewId: views[1], order: { choice: "b" }, viewer: { user: named } }]);
  });

  test("nobody may who does not know Slack's signing secret", async () => {
    expect(await go(named, { secret: "another" })).toBe("failed");
    expect(await desk.acts()).toEqual([]);
  });
});

/** The first suspect is of this address. */
function by(email: string): typeof diagnosis {
  const [suspect, ...rest] = diagnosis.suspects;
  if (suspect?.subject.kind !== "landing") throw new Error("no landing is suspected");
  const landing = { ...suspect.subject.landing, author: { name: "Somebody", email } };
  return { ...diagnosis, suspects: [{ ...suspect, subject: { kind: "landing", landing } }, ...rest] };
}
