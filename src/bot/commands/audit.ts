import type { Command } from "./command.ts";
import { renderAudit } from "#bot/cards/audit-list.ts";

/** The newest records of what was done, and by whom; of one workload where something of its name is given. */
export const audit: Command = {
  words: ["audit"],
  help: [{ type: "audit [workload]", does: "lists what was done of late, and by whom." }],
  answer: async ({ press, now }, { rest }) => {
    const workload = rest.split(/\s+/, 1)[0]?.slice(0, 200) || undefined;
    return { card: renderAudit(await press.auditOf(workload), now(), workload) };
  },
};
