/** Charts as PNG and SVG files, by the optional package @napi-rs/canvas: the same bytes for the same chart, fonts and size. */
import type { Chart } from "../report/chart/chart.ts";
import { drawChart } from "../report/chart/draw.ts";
import { characterWidth, dressed } from "../report/chart/dress.ts";

export interface FigureSize {
  /** In pixels of CSS, 96 to the inch. Absent: a column of a paper, or both where the chart is wide. */
  readonly width?: number;
  /** Absent: as high as the chart wants. */
  readonly height?: number;
  readonly fontPixels: number;
  readonly fontFamily: string;
  readonly dotsPerInch: number;
}

export interface Painter {
  readonly png: (chart: Chart, size: FigureSize) => Uint8Array;
  readonly svg: (chart: Chart, size: FigureSize) => string;
}

/** @throws Error that says what to install, where the package or every font is missing */
export async function painter(): Promise<Painter> {
  const { createCanvas, GlobalFonts, SvgExportFlag } = await import("@napi-rs/canvas").catch(
    (cause: unknown) => {
      throw new Error("PNG and SVG need the optional package @napi-rs/canvas: npm install @napi-rs/canvas", {
        cause,
      });
    },
  );
  if (GlobalFonts.families.length === 0)
    throw new Error("PNG and SVG need a font, and the system has none: apt-get install fonts-dejavu-core");
  return {
    png(chart, size) {
      const { width, height } = sized(chart, size);
      const canvas = createCanvas(Math.round(width), Math.round(height));
      draw(canvas, chart, size, size.dotsPerInch / 96, [white]);
      return canvas.encodeSync("png");
    },
    svg(chart, size) {
      const { width, height } = sized(chart, size);
      // Any viewer then shows the same letters, with or without the font.
      const canvas = createCanvas(Math.round(width), Math.round(height), SvgExportFlag.ConvertTextToPaths);
      draw(canvas, chart, size, 1, []);
      // In millimetres it keeps its size wherever it is set.
      const millimetres = (pixels: number): string => `${Number(((pixels * 25.4) / 96).toFixed(3))}mm`;
      const sizes = `width="${millimetres(width)}" height="${millimetres(height)}" viewBox="0 0 ${Math.round(width)} ${Math.round(height)}"`;
      return canvas
        .getContent()
        .toString("utf8")
        .replace(/width="\d+" height="\d+"/, sizes);
    },
  };
}

const lineHeight = 1.55;
/** One column of a paper and two, in millimetres. */
const columns = { one: 85, two: 178 };

function sized(
  { lines, characters = 0 }: Chart,
  { width, height, fontPixels }: FigureSize,
): { readonly width: number; readonly height: number } {
  const [one, two] = [columns.one, columns.two].map((millimetres) => (millimetres * 96) / 25.4);
  const fitting = characters * characterWidth * fontPixels > (one ?? 0) ? two : one;
  return {
    width: width ?? fitting ?? 0,
    height: height ?? lines * fontPixels * lineHeight,
  };
}

type Drawn = Parameters<typeof drawChart>;

function draw(
  canvas: Drawn[0],
  chart: Chart,
  size: FigureSize,
  ratio: number,
  plugins: NonNullable<Drawn[1]["plugins"]>,
): void {
  const { fontPixels, fontFamily } = size;
  const dress = {
    theme: "light",
    fontPixels,
    fontFamily,
    widthPixels: Math.round(sized(chart, size).width),
    ratio,
  } as const;
  drawChart(canvas, { ...dressed(chart.config, dress), plugins });
}

/** Behind a PNG; an SVG lets the paper through. */
const white: NonNullable<Drawn[1]["plugins"]>[number] = {
  id: "white",
  beforeDraw({ ctx, width, height }) {
    ctx.save();
    ctx.globalCompositeOperation = "destination-over";
    ctx.fillStyle = "#ffffff";
    ctx.fillRect(0, 0, width, height);
    ctx.restore();
  },
};
