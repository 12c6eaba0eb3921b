import type { Incident } from "#domain/incident.ts";
import type { Lesson, LessonRule } from "./lesson.ts";
import { loadTest, migrationsApart, slowRollout } from "./change.ts";
import { firstAlert, latePress } from "./people.ts";
import { saneCeilingBefore, somethingThatBounds } from "./bounds.ts";
import { illnessLessons } from "./illness.ts";

const rules: readonly LessonRule[] = [
  saneCeilingBefore,
  somethingThatBounds,
  slowRollout,
  loadTest,
  migrationsApart,
  firstAlert,
  latePress,
];

/** What would have caught an incident earlier, by fixed rules from its facts; each with the fact it rests on. */
export function lessonsOf(incident: Incident): readonly Lesson[] {
  return [...illnessLessons(incident), ...rules.map((rule) => rule(incident))].filter((lesson) => lesson !== undefined);
}
