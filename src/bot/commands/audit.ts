import type { Command } from "./command.ts";
import { renderAudit } from "#bot/cards/audit-list.ts";

/** The newest records of what was done, and by whom; of one workload where one is named, also of one that is gone. */
export const audit: Command = {
  words: ["audit"],
  section: "look",
  isLook: true,
  help: [{ type: "audit [workload]", does: "lists what was done of late, and by whom." }],
  answer: async ({ press, look, now }, { rest }) => {
    const asked = rest.split(/\s+/, 1)[0]?.slice(0, 200) || undefined;
    const named = asked === undefined ? undefined : await look.findNamed(asked);
    const workload = named?.kind === "found" ? named.key : asked;
    return { card: renderAudit(await press.auditOf(workload), now(), workload) };
  },
};
