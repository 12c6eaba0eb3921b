import type { CallSlack } from "#bot/web-client.ts";
import type { Log } from "#lib/log.ts";
import type { LookPort } from "#domain/ports/look.ts";
import type { HomePort } from "#domain/ports/home.ts";
import type { ReportPort } from "#domain/ports/report.ts";
import type { PeoplePort, PressPort } from "#domain/ports/slack.ts";
import type { WithoutCalls } from "#bot/names.ts";
import type { Threads } from "#bot/threads.ts";

/** What listeners have at hand. */
export interface Tools {
  readonly call: CallSlack;
  readonly people: Pick<PeoplePort, "person">;
  readonly press: PressPort;
  readonly look: LookPort;
  readonly report: ReportPort;
  readonly home: HomePort;
  readonly threads: Threads;
  readonly now: () => number;
  readonly log: Log;
  /** Waits for the preview as long as a person would; false when the bot is closing. */
  readonly waitForPreview: () => Promise<boolean>;
  /** Waits as long as a person does without a word, or until the signal; false when it was the signal, or the bot is closing. */
  readonly waitForAnswer: (answered: AbortSignal) => Promise<boolean>;
  readonly withoutCalls: WithoutCalls;
  /** Is it somebody of another workspace, or no person? Throws where Slack cannot say. */
  readonly isStranger: (user: string) => Promise<boolean>;
}
