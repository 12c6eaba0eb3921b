import { loadAnnotation } from "#sim/cluster/stages/load.ts";
import type { Deployment } from "#sim/cluster/stages/kinds.ts";

const grain = 60_000;

/**
 * What a Deployment's measured CPU and latency are multiplied with at a time: no two minutes of a real service are alike. Depends on name
 * and minute alone, so that the same story is measured the same. 1 without `load/noise`, the largest share by which it is off.
 */
export function noiseOf({ metadata }: Deployment, time: number): number {
  const share = Number(metadata.annotations?.[loadAnnotation.noise] ?? 0);
  if (!(share > 0)) return 1;
  return 1 + share * (2 * draw(`${metadata.namespace}/${metadata.name}`, Math.floor(time / grain)) - 1);
}

/** FNV-1a and a finish, from 0 to below 1. */
function draw(name: string, minute: number): number {
  let value = 0x811c9dc5 ^ minute;
  for (let index = 0; index < name.length; index += 1) value = Math.imul(value ^ name.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 4_294_967_296;
}
