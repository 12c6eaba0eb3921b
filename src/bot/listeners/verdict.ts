import type { App, BlockAction, ButtonAction } from "@slack/bolt";
import type { Tools } from "./tools.ts";
import { findVerdictValue } from "#bot/verdict-value.ts";
import { messageOf } from "#lib/errors.ts";
import { notAllowed } from "./press-step.ts";

const says: Readonly<Record<string, boolean | undefined>> = { "verdict:right": true, "verdict:wrong": false };

/** "That was it", "That was not it", and "Undo" under a message; pressed twice it says the same. */
export function listenForVerdicts(app: App, { press, call, log }: Tools): void {
  app.action<BlockAction<ButtonAction>>(
    { action_id: /^verdict:(right|wrong|undo)$/, type: "block_actions" },
    async ({ ack, action, body }) => {
      await ack();
      const about = findVerdictValue(action.value);
      if (about === undefined) return log.warn({ actionId: action.action_id }, "A button without a suspect was pressed");
      const user = body.user.id;
      const channel = body.channel?.id;
      const tell = async (text: string) => {
        if (channel !== undefined) await call("answer a verdict", (client) => client.chat.postEphemeral({ channel, user, text }));
      };
      const right = says[action.action_id];
      const request = {
        incidentId: about.incident,
        suspectId: about.suspect,
        user,
        ...(right === undefined ? {} : { right }),
      };
      if (!(await press.mayJudge(request))) return tell(notAllowed("Only people whom a rule allows something may say that."));
      try {
        await press.judge(request);
      } catch (error) {
        log.error({ reason: messageOf(error) }, "A verdict could not be recorded");
        await tell("That could not be recorded right now. Please press again in a moment.");
      }
    },
  );
}
