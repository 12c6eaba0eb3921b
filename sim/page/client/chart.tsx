import type { ReactNode } from "react";
import { asText, isJson, jsonList } from "#sim/slack/json.ts";
import type { Json } from "#sim/page/slack.ts";

/** Of a phone, so that words are readable there. */
const WIDTH = 420;
const HEIGHT = 160;
const LEFT = 44;
const COLOURS = ["var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)", "var(--c6)"];

interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** Slack's own chart, near enough to judge it by: lines, areas and bars; a pie as a list. */
export function ChartBlock({ block }: { readonly block: Json }): ReactNode {
  const chart = isJson(block.chart) ? block.chart : {};
  const axis = isJson(chart.axis_config) ? chart.axis_config : {};
  const series = seriesOf(chart);
  return (
    <figure className="s-chart">
      <figcaption>{asText(block.title)}</figcaption>
      {chart.type !== "pie" && <Plot kind={asText(chart.type)} series={series} axis={axis} title={asText(block.title)} />}
      <ul className="s-legend">
        {series.map(({ name, values }, index) => (
          <li key={name}>
            <span aria-hidden style={{ background: COLOURS[index] }} /> {name}
            {chart.type === "pie" && `: ${values[0] ?? 0}`}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function seriesOf(chart: Json): Series[] {
  if (chart.type === "pie")
    return jsonList(chart.segments).map(({ label, value }) => ({ name: asText(label), values: [Number(value)] }));
  return jsonList(chart.series).map(({ name, data }) => ({
    name: asText(name),
    values: jsonList(data).map(({ value }) => Number(value)),
  }));
}

interface PlotProps {
  readonly kind: string;
  readonly series: readonly Series[];
  readonly axis: Json;
  readonly title: string;
}

/** Where a point stands in the drawing. */
interface Scale {
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  /** Width of a category. */
  readonly slot: number;
}

function Plot({ kind, series, axis, title }: PlotProps): ReactNode {
  const labels = Array.isArray(axis.categories) ? axis.categories.map(String) : [];
  const top = roundUp(Math.max(1, ...series.flatMap(({ values }) => values)));
  const slot = (WIDTH - LEFT) / Math.max(1, labels.length);
  const scale = {
    x: (index: number) => LEFT + slot * (index + 0.5),
    y: (value: number) => HEIGHT - (value / top) * HEIGHT,
    slot,
  };
  return (
    <svg viewBox={`0 -24 ${WIDTH} ${HEIGHT + 66}`} role="img" aria-label={wordsOf(title, series)}>
      <text x={0} y={-11}>
        {asText(axis.y_label)}
      </text>
      <Grid top={top} labels={labels} scale={scale} />
      {series.map(({ name, values }, index) =>
        kind === "bar" ? (
          <Bars key={name} values={values} scale={scale} index={index} of={series.length} />
        ) : (
          <Line
            key={name}
            points={values.map((value, at) => `${scale.x(at)},${scale.y(value)}`)}
            colour={COLOURS[index]}
            isFilled={kind === "area"}
          />
        ),
      )}
      <text x={WIDTH} y={HEIGHT + 38} textAnchor="end">
        {asText(axis.x_label)}
      </text>
    </svg>
  );
}

/** What the lines show, for who cannot see them. */
function wordsOf(title: string, series: readonly Series[]): string {
  const lines = series.map(({ name, values }) => {
    const [first, last] = [values[0], values.at(-1)];
    return first === last && Math.max(...values) === last
      ? name
      : `${name} from ${first} to ${last}, at most ${Math.max(...values)}`;
  });
  return `${title}: ${lines.join("; ")}`;
}

/** The least round number that is not below. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 1.5, 2, 3, 4, 5, 6, 8].find((factor) => factor * power >= value) ?? 10);
}

function Grid({ top, labels, scale }: { top: number; labels: readonly string[]; scale: Scale }): ReactNode {
  const every = Math.ceil(labels.length / 5);
  return (
    <>
      {[0, top / 2, top].map((value) => (
        <g key={value} className="s-grid">
          <line x1={LEFT} x2={WIDTH} y1={scale.y(value)} y2={scale.y(value)} />
          <text x={LEFT - 8} y={scale.y(value) + 4} textAnchor="end">
            {Math.round(value).toLocaleString("en-US")}
          </text>
        </g>
      ))}
      {labels.map((label, index) =>
        (labels.length - 1 - index) % every === 0 ? (
          <text key={label} x={Math.min(scale.x(index), WIDTH - 4 * label.length)} y={HEIGHT + 18} textAnchor="middle">
            {label}
          </text>
        ) : null,
      )}
    </>
  );
}

interface BarsProps {
  readonly values: readonly number[];
  readonly scale: Scale;
  readonly index: number;
  readonly of: number;
}

function Bars({ values, scale, index, of }: BarsProps): ReactNode {
  const width = (scale.slot * 0.7) / of;
  return values.map((value, at) => {
    const left = scale.x(at) - scale.slot * 0.35 + width * index;
    const height = HEIGHT - scale.y(value);
    return <rect key={at} x={left} width={width} y={scale.y(value)} height={height} fill={COLOURS[index]} />;
  });
}

interface LineProps {
  readonly points: readonly string[];
  readonly colour: string | undefined;
  readonly isFilled: boolean;
}

function Line({ points, colour, isFilled }: LineProps): ReactNode {
  const [first = "0", last = "0"] = [points[0]?.split(",")[0], points.at(-1)?.split(",")[0]];
  return (
    <>
      {isFilled && (
        <polygon points={[`${first},${HEIGHT}`, ...points, `${last},${HEIGHT}`].join(" ")} fill={colour} opacity={0.25} />
      )}
      <polyline points={points.join(" ")} fill="none" stroke={colour} strokeWidth={2.5} strokeLinejoin="round" />
    </>
  );
}
