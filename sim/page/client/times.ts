/** `14:02`, in the browser's zone, as Slack does. */
export function clockTime(at: number, seconds = false): string {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
  }).format(at);
}

/** `Sunday, 22 November`. */
export function dayName(at: number): string {
  return new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" }).format(at);
}

const FORMATS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_pretty: { year: "numeric", month: "long", day: "numeric" },
  date_short_pretty: { year: "numeric", month: "short", day: "numeric" },
  date_long_pretty: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/** A date as `<!date^...>` asks for it. */
export function slackDate(seconds: number, format: string, fallback: string): string {
  if (!Number.isFinite(seconds)) return fallback;
  return format.replaceAll(/\{(\w+)\}/gu, (whole, token: string) => {
    const options = FORMATS[token];
    return options ? new Intl.DateTimeFormat("en-GB", options).format(seconds * 1000) : whole;
  });
}
