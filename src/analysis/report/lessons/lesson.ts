import type { Incident } from "#domain/incident.ts";

/** Something that would have caught it earlier. All of it is Markdown. */
export interface Lesson {
  /** What would have helped. */
  readonly says: string;
  /** The fact that it rests on. */
  readonly because: string;
  /** What to do about it. */
  readonly todo: string;
}

/** A rule: says something where the facts of an incident bear it out. */
export type LessonRule = (incident: Incident) => Lesson | undefined;
