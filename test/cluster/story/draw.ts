import type { Curve } from "./curve.ts";

const width = 860;
const height = 440;
const plot = { left: 70, right: 20, top: 56, bottom: 50 };
const colours = ["#c0392b", "#2563a8", "#7a8a00"];
const marks = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

/** Replicas over time as steps, one colour a curve (pods that are ready dashed), on a logarithmic scale: a runaway is a straight line there. */
export function drawCurves(curves: Readonly<Record<string, Curve>>, seconds: number): string {
  const x = (at: number) => plot.left + (at / seconds) * (width - plot.left - plot.right);
  const [low, high] = [Math.log(10), Math.log(5_000)];
  const y = (value: number) =>
    height - plot.bottom - ((Math.log(Math.max(10, value)) - low) / (high - low)) * (height - plot.top - plot.bottom);
  const lines = Object.entries(curves).flatMap(([name, curve], index) => {
    const colour = colours[index % colours.length] ?? "black";
    const points = curve.points.filter((point) => point.seconds >= 0 && point.seconds <= seconds);
    const legend = plot.left + 10 + index * 250;
    return [
      `<path d="${steps(points.map((point) => [x(point.seconds), y(point.replicas)]))}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      `<path d="${steps(points.map((point) => [x(point.seconds), y(point.ready)]))}" fill="none" stroke="${colour}" stroke-width="1" stroke-dasharray="3 3"/>`,
      `<path d="M${legend} 38h26" stroke="${colour}" stroke-width="2"/><text x="${legend + 32}" y="42">${name}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#333">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="${plot.left}" y="20" font-size="14" font-weight="600">Replicas wanted (solid) and ready (dashed) after the bad rollout, nobody pressing</text>`,
    ...marks.map((mark) => gridLine(y(mark), mark.toLocaleString("en-US"))),
    ...Array.from({ length: Math.floor(seconds / 60) + 1 }, (_, minute) => minuteMark(x(minute * 60), minute)),
    `<text x="${width / 2}" y="${height - 10}" text-anchor="middle">minutes since the rollout</text>`,
    ...lines,
    "</svg>",
    "",
  ].join("\n");
}

function gridLine(y: number, label: string): string {
  const at = y.toFixed(1);
  return `<path d="M${plot.left} ${at}H${width - plot.right}" stroke="#ddd"/><text x="${plot.left - 8}" y="${(y + 4).toFixed(1)}" text-anchor="end">${label}</text>`;
}

function minuteMark(x: number, minute: number): string {
  const at = x.toFixed(1);
  return `<path d="M${at} ${plot.top}V${height - plot.bottom}" stroke="#eee"/><text x="${at}" y="${height - plot.bottom + 18}" text-anchor="middle">${minute}</text>`;
}

function steps(points: readonly (readonly [number, number])[]): string {
  return points
    .map(([x, y], index) => (index === 0 ? `M${x.toFixed(1)} ${y.toFixed(1)}` : `H${x.toFixed(1)}V${y.toFixed(1)}`))
    .join("");
}
