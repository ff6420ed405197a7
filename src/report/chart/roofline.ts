/** The roofs of the machine, and its ops below each of them. */
import { amount, percent } from "../human.ts";
import { type RooflinePoint, rooflinePoints } from "../roofline.ts";
import { axisUnit } from "./axis.ts";
import type { RunChart } from "./chart.ts";
import { lineOf, titled } from "./frame.ts";
import { ink, styleAt } from "./palette.ts";

/** More names hide each other. */
const mostNames = 6;

export const roofline: RunChart = ({ report: { roofs, ops, provenance } }) => {
  const { devices } = provenance.hardware;
  const points = rooflinePoints(roofs, ops, devices);
  const memories = roofs.bandwidth.filter(({ unit }) =>
    points.some(({ intensity }) => intensity[unit] !== undefined),
  );
  const fastest = Math.max(0, ...roofs.compute.map(({ macsPerSecond }) => macsPerSecond));
  const [longest] = points.toSorted((a, b) => b.seconds - a.seconds);
  if (longest === undefined || memories.length === 0 || fastest === 0) return [];
  const xs = [
    ...points.flatMap(({ intensity }) => Object.values(intensity)),
    ...memories.map(({ ridge }) => ridge),
  ];
  const [from, to] = [Math.min(...xs) / 2, Math.max(...xs) * 3];
  const unit = axisUnit([fastest], "");
  const names = namesOf(points, new Set(points.map(({ phase }) => phase)).size > 1);
  return [
    {
      name: "roofline",
      title: "Roofline",
      description: `MACs a second of each op over its MACs a byte, once for each memory or link that it uses, under the machine's roofs, ${devices > 1 ? "all devices together" : "one device"}. ${longest.op} takes longest and reaches ${percent(longest.roof.share)} of its lowest roof, ${longest.roof.unit} at ${amount(longest.roof.macsPerSecond)}MAC/s.`,
      lines: 24,
      config: {
        type: "scatter",
        data: {
          datasets: [
            ...memories.map(({ unit: memory, bytesPerSecond, ridge }, index) =>
              lineOf(
                memory,
                [from, ridge, to].map((x) => ({ x, y: unit.of(Math.min(fastest, x * bytesPerSecond)) })),
                styleAt(index),
                { showLine: true, pointRadius: 0, pointHoverRadius: 0 },
              ),
            ),
            // Slower compute units than the fastest have level roofs of their own.
            ...roofs.compute
              .filter(({ macsPerSecond }) => macsPerSecond < fastest)
              .map(({ unit: name, macsPerSecond }, index) =>
                lineOf(
                  name,
                  [from, to].map((x) => ({ x, y: unit.of(macsPerSecond) })),
                  { ...styleAt(memories.length + index), colour: ink },
                  { showLine: true, pointRadius: 0, borderWidth: 1 },
                ),
              ),
            ...memories.map(({ unit: memory }, index) => {
              const own = points.filter(({ intensity }) => intensity[memory] !== undefined);
              return lineOf(
                `ops on ${memory}`,
                own.map(({ intensity, macsPerSecond }) => ({
                  x: intensity[memory] ?? 0,
                  y: unit.of(macsPerSecond),
                })),
                styleAt(index),
                {
                  showLine: false,
                  names: own.map((point) =>
                    memory === lowest(point, memories) ? (names.get(point) ?? "") : "",
                  ),
                  tips: own.map(
                    ({ op, phase, macsPerSecond, roof }) =>
                      `${phase} ${op}: ${amount(macsPerSecond)}MAC/s, ${percent(roof.share)} of its lowest roof, ${roof.unit}`,
                  ),
                },
              );
            }),
          ],
        },
        options: {
          scales: {
            x: { type: "logarithmic", title: titled("MACs per byte"), min: from, max: to },
            y: { type: "logarithmic", title: titled(`${unit.unit}MAC/s`) },
          },
        },
      },
      data: {
        header: [
          "phase",
          "op",
          "macs",
          "seconds",
          "macsPerSecond",
          "memory",
          "macsPerByte",
          "lowestRoof",
          "shareOfRoof",
        ],
        rows: points.flatMap(({ phase, op, macs, seconds, macsPerSecond, intensity, roof }) =>
          Object.entries(intensity).map(([memory, x]) => [
            phase,
            op,
            macs,
            seconds,
            macsPerSecond,
            memory,
            x,
            roof.unit,
            roof.share,
          ]),
        ),
      },
    },
  ];
};

/** Of those that the op uses, the memory or link whose roof is lowest over it. */
const lowest = (
  { intensity }: RooflinePoint,
  roofs: readonly { readonly unit: string; readonly bytesPerSecond: number }[],
): string | undefined =>
  roofs
    .filter(({ unit }) => intensity[unit] !== undefined)
    .toSorted(
      (a, b) => a.bytesPerSecond * (intensity[a.unit] ?? 0) - b.bytesPerSecond * (intensity[b.unit] ?? 0),
    )[0]?.unit;

/** Of the longest ops; those that lie in one place share a name, "decoder.query +3". */
function namesOf(points: readonly RooflinePoint[], withPhase: boolean): ReadonlyMap<RooflinePoint, string> {
  const places = new Map<string, RooflinePoint[]>();
  for (const point of points.toSorted((a, b) => b.seconds - a.seconds)) {
    // A tenth of a decade is about the height of a line.
    const key = String(Math.round(Math.log10(point.macsPerSecond) * 8));
    places.set(key, [...(places.get(key) ?? []), point]);
  }
  return new Map(
    [...places.values()].slice(0, mostNames).flatMap(([first, ...others]): [RooflinePoint, string][] => {
      if (first === undefined) return [];
      const name = withPhase ? `${first.phase} ${first.op}` : first.op;
      return [[first, others.length === 0 ? name : `${name} +${others.length}`]];
    }),
  );
}
