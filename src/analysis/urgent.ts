import { type Incident, leadOf } from "#domain/incident.ts";
import { severityOf } from "./severity.ts";

/** Does it call people in quiet hours too? A runaway does, whose price rises by the minute, and whatever else is bad now. */
export function isUrgent(incident: Incident): boolean {
  return leadOf(incident) === "runaway" || severityOf(incident).severity === "high";
}
