import { LogLevel, type Logger } from "@slack/bolt";
import type { Log } from "#lib/log.ts";
import { cut } from "./fit.ts";
import { messageOf } from "#lib/errors.ts";

/** Bolt's and the Web client's log as fields of ours. Their debug lines carry whole request bodies and stay out. */
export function createBoltLog(log: Log): Logger {
  const said = (parts: unknown[]) => ({ said: cut(parts.map(messageOf).join(" "), 500) });
  return {
    debug: () => {},
    info: (...parts: unknown[]) => log.debug(said(parts), "Slack library said"),
    warn: (...parts: unknown[]) => log.warn(said(parts), "Slack library warned"),
    error: (...parts: unknown[]) => log.error(said(parts), "Slack library failed"),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}
