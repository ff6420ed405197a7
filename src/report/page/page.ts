/** The script of a page: reads the data that lies in it, and shows its sections, or a summary of runs and one of them. */
import { doneRuns } from "../chart/chart.ts";
import { compare } from "../compare/compare.ts";
import { comparisonSections } from "../compare/sections.ts";
import type { PageData, RunsPage } from "../page-data.ts";
import { runSections } from "../view/run.ts";
import { summarySections } from "../view/summary.ts";
import type { Section } from "../view/view.ts";
import { button, byId, element } from "./element.ts";
import { type ShownSection, sectionElement } from "./section.ts";
import { watchThemes } from "./theme.ts";

const data: PageData = JSON.parse(byId("data").textContent ?? "");
const done = data.view === "sections" ? [] : doneRuns(data.results.runs, data.explanations);
const main = byId("main");
const themes = watchThemes(draw);

const first = firstSections(data);
const summary = shown(first);
const detail = element("div");
let detailed: readonly ShownSection[] = [];

main.append(
  toolbar(),
  ...(data.view === "sections" ? [contents(first)] : []),
  ...summary.map(({ element }) => element),
  detail,
);
if (data.view === "runs") show(longest(), data);
else draw();
new ResizeObserver(draw).observe(main);

function firstSections(data: PageData): readonly Section[] {
  switch (data.view) {
    case "sections":
      return data.sections;
    case "comparison":
      return comparisonSections(compare(done));
    case "runs":
      return summarySections(data.results.runs);
  }
}

function shown(sections: readonly Section[]): readonly ShownSection[] {
  return sections.map(sectionElement);
}

/** Every figure whose width or theme is no longer that of the page. */
function draw(): void {
  for (const { figures } of [...summary, ...detailed])
    for (const figure of figures) figure.draw(themes.now());
}

function longest(): number {
  const latencies = done.map(({ report }) => report.totals.latencySeconds);
  return latencies.indexOf(Math.max(...latencies));
}

function show(index: number, data: RunsPage): void {
  const run = done[index];
  if (run === undefined) return;
  const sections = runSections(run, data.timelines[run.name]);
  detailed = shown(sections);
  detail.replaceChildren(picker(index, data), contents(sections), ...detailed.map(({ element }) => element));
  draw();
}

function picker(selected: number, data: RunsPage): HTMLElement {
  const options = done.map(({ name }, index) =>
    element("option", { value: String(index), ...(index === selected ? { selected: "" } : {}) }, name),
  );
  const select = element("select", { id: "run-choice" }, ...options);
  select.addEventListener("change", () => {
    show(Number(select.value), data);
    byId("run-choice").focus();
  });
  return element(
    "div",
    { class: "picker" },
    element("label", { for: "run-choice" }, "Run in detail"),
    select,
  );
}

function contents(sections: readonly Section[]): HTMLElement {
  const links = sections.map(({ id, title }) => element("a", { href: `#${id}` }, title));
  return element(
    "nav",
    { "aria-label": data.view === "runs" ? "Sections of the run" : "Sections" },
    ...links,
  );
}

function toolbar(): HTMLElement {
  return element("div", { class: "toolbar" }, button("Dark or light", themes.toggle));
}
