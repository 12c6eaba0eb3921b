import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { drawCurves } from "./draw.ts";
import { simulateCurve } from "./simulate.ts";
import type { Curve } from "./curve.ts";

/** Draws a real cluster's replica curve beside the simulated one's, which is played here, over so many minutes. */
export async function drawPicture(
  real: Curve,
  { controlplane, picture, minutes }: { readonly controlplane: string; readonly picture: string; readonly minutes: number },
): Promise<void> {
  const seconds = minutes * 60;
  const simulated = await simulateCurve(await readFile(join(controlplane, "runaway.yaml"), "utf8"), seconds);
  const curves = { "real control plane": real, "simulated cluster": simulated };
  await mkdir(dirname(picture), { recursive: true });
  await writeFile(picture, drawCurves(curves, seconds));
  for (let minute = 0; minute <= minutes; minute += 1)
    console.log(
      `${minute} min  ${Object.entries(curves)
        .map(([name, curve]) => `${name} ${replicasAt(curve, minute * 60)}`)
        .join(", ")}`,
    );
}

function replicasAt({ points }: Curve, seconds: number): number | undefined {
  return points.findLast((point) => point.seconds <= seconds)?.replicas;
}
