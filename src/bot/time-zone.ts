import type { Tools } from "./listeners/tools.ts";
import { messageOf } from "#lib/errors.ts";

/** A person's time zone by its IANA name, as their Slack profile has it; UTC where Slack cannot say. */
export async function timeZoneOf({ call, log }: Pick<Tools, "call" | "log">, user: string): Promise<string> {
  try {
    const found = await call("read a person's time zone", (client) => client.users.info({ user }));
    return found.user?.tz ?? "UTC";
  } catch (error) {
    log.warn({ reason: messageOf(error) }, "A time of day is read as UTC");
    return "UTC";
  }
}
