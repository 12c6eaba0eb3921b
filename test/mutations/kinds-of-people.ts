import { type Mutation, never } from "./mutation.ts";

const directory = "src/bot/directory.ts";
const press = "src/bot/listeners/press-step.ts";
const decide = "src/workflow/decide.ts";
const policy = "src/analysis/policy.ts";
const named = (name: string) => ({ file: "test/bot/who-may.test.ts", name });

/** Who somebody is, and what that means for every kind of act, through Bolt. */
export const kindsOfPeople: readonly Mutation[] = [
  {
    guarantee: "Guests never act",
    ...never(directory, "user.is_restricted || user.is_ultra_restricted"),
    test: named("a guest may not, whatever the rules say"),
  },
  {
    guarantee: "Guests of one channel never act",
    ...never(directory, "user.is_restricted || user.is_ultra_restricted"),
    test: named("a guest of one channel may not, whatever the rules say"),
  },
  {
    guarantee: "Bots never act",
    ...never(directory, 'user.is_bot || user.id === "USLACKBOT"'),
    test: named("a bot may not, whatever the rules say"),
  },
  {
    guarantee: "Deactivated accounts never act",
    ...never(directory, "user.deleted"),
    test: named("a deactivated account may not, whatever the rules say"),
  },
  {
    guarantee: "Strangers never act",
    file: directory,
    check: "user.is_stranger || ",
    test: named("a stranger may not, whatever the rules say"),
  },
  {
    guarantee: "People of other workspaces never act",
    file: directory,
    check: " || (user.team_id !== undefined && user.team_id !== home)",
    test: named("somebody of another workspace may not, whatever the rules say"),
  },
  {
    guarantee: "An address that was never confirmed counts for nothing",
    file: directory,
    check: "user.is_email_confirmed === false ? undefined : ",
    test: named("a member with an unconfirmed address at such a domain may not"),
  },
  {
    guarantee: "Only members are allowed anything by a rule",
    file: policy,
    check: 'if (person.kind !== "member") return denied(NEVER[person.kind]);',
    without: 'if (person.kind !== "member") void NEVER[person.kind];',
    test: named("a guest may not, whatever the rules say"),
  },
  {
    guarantee: "Only members break the glass",
    file: "src/workflow/permission.ts",
    check: 'person.kind === "member" && breakGlass',
    without: "breakGlass",
    test: named("a bot may not, whatever the rules say"),
  },
  {
    guarantee: "A preview is shown to those only who may",
    file: press,
    check: "const viewer = await press.mayPress({ incidentId: incident, stepId: step, user: by.user });",
    without: 'const viewer = { user: by.user, allowed: true, text: "", breakGlass: false };',
    test: named("a member whom no rule allows it may not"),
  },
  {
    guarantee: "Another choice is shown to those only who may",
    file: press,
    check: "const viewer = await press.mayPress({ incidentId: incident, stepId: step, user: user.id });",
    without: 'const viewer = { user: user.id, allowed: true, text: "", breakGlass: false };',
    test: named("a choice in a modal is shown to those only who may"),
  },
  {
    guarantee: "Who may is asked again when a modal is submitted",
    ...never(decide, 'judged.kind === "denied"'),
    test: named("a member whom no rule allows it may not"),
  },
  {
    guarantee: "What takes two people does not happen at the first yes",
    ...never(decide, 'may.kind === "two"'),
    test: named("a member whom a rule names may"),
  },
  {
    guarantee: "The glass is broken with a reason that others can understand",
    ...never(decide, "reason.length < reasonFrom"),
    test: named("who may break the glass may not without a reason, or with one that says nothing"),
  },
  {
    guarantee: "While Slack does not say who wrote the suspect there is no second yes",
    file: directory,
    check: 'if (slackReason(error) === "users_not_found") return undefined;\n    throw error;',
    without: "void slackReason(error);\n    return undefined;",
    test: named("nobody may as second while Slack does not say who wrote the suspect"),
  },
];
