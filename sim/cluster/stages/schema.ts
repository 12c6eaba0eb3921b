/** Annotation of a pod template: the schema versions its code works with, `41` or `41..43`. */
export const needsAnnotation = "load/schema-needs";
/** Annotation of a Deployment: the simulated database whose schema counts. */
export const databaseAnnotation = "load/database";
/** Annotation of a pod template: its pods never become ready. */
export const neverReadyAnnotation = "load/never-ready";

/** Whether code that needs those schema versions works on this one. A database nobody spoke of asks nothing. */
export function schemaFits(needs: string | undefined, version: number | undefined): boolean {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(needs?.trim() ?? "");
  if (!match || version === undefined) return true;
  const from = Number(match[1]);
  return version >= from && version <= Number(match[2] ?? from);
}
