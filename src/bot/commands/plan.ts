import type { Answer, Asked, Command } from "./command.ts";
import { saying } from "./command.ts";
import type { Incident } from "#domain/incident.ts";
import type { Tools } from "#bot/listeners/tools.ts";
import { aboutWorkload } from "./named.ts";
import { mostChoices } from "#bot/cards/choices.ts";
import { renderIncidentList } from "#bot/cards/incident-list.ts";
import { renderPlan } from "#bot/cards/plan.ts";
import { code } from "#bot/escape.ts";
import { subjectName } from "#bot/words.ts";

/** The steps of an open incident: what each would do, what it waits for, and who may press it. */
export const plan: Command = {
  words: ["plan"],
  section: "look",
  isLook: true,
  help: [
    {
      type: "plan [workload|incident]",
      does: "shows the next steps, what they wait for, and whether you may press them.",
    },
  ],
  answer: async (tools, asked) => {
    const { look } = tools;
    const { rest } = asked;
    const known = /^inc-\S{1,200}$/.test(rest) ? await look.findIncident(rest) : undefined;
    if (known) return planOf(tools, asked, known);
    if (rest === "") return ofTheOpen(tools, asked, await look.openIncidents());
    return aboutWorkload(
      tools,
      rest,
      (key) => `plan ${key}`,
      async (key) => {
        const incident = await look.findOpenIncident(key);
        return incident ? planOf(tools, asked, incident) : saying(`${code(key, 250)} has no open incident.`);
      },
    );
  },
};

async function ofTheOpen(tools: Tools, asked: Asked, open: readonly Incident[]): Promise<Answer> {
  const [only] = open;
  if (only && open.length === 1) return planOf(tools, asked, only);
  const card = renderIncidentList(open, tools.now(), (id) => tools.threads.addressOf(id));
  const choices = open.slice(0, mostChoices).map(({ id, workload }) => ({ label: subjectName(workload), ask: `plan ${id}` }));
  return open.length === 0 ? { card } : { card, choices, isPersonal: true };
}

async function planOf({ look, press, now, threads }: Tools, { user, isPublic }: Asked, incident: Incident): Promise<Answer> {
  // What a channel reads offers nothing to press: it would stand there when it is long over. The headline is kept up to date.
  const [pressable, stop] = await Promise.all([isPublic ? undefined : look.pressable(user, incident), press.findStop()]);
  return { card: renderPlan(incident, now(), { pressable, stop, thread: threads.addressOf(incident.id) }) };
}
