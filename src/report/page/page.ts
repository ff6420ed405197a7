/** The script of a report's page: reads the data that lies in the page, and shows its summary and one run of it. */
import { doneRuns } from "../chart/chart.ts";
import { compare } from "../compare/compare.ts";
import { comparisonSections } from "../compare/sections.ts";
import type { PageData } from "../page-data.ts";
import { runSections } from "../view/run.ts";
import { summarySections } from "../view/summary.ts";
import type { Section } from "../view/view.ts";
import { button, byId, element } from "./element.ts";
import { type ShownSection, sectionElement } from "./section.ts";
import { watchThemes } from "./theme.ts";

const data: PageData = JSON.parse(byId("data").textContent ?? "");
const { runs } = data.results;
const done = doneRuns(runs, data.explanations);
const main = byId("main");
const themes = watchThemes(draw);

const compared = data.view === "comparison";
const summary = shown(compared ? comparisonSections(compare(done)) : summarySections(runs));
const detail = element("div");
let detailed: readonly ShownSection[] = [];

main.append(toolbar(), ...summary.map(({ element }) => element), detail);
if (compared) draw();
else show(longest());
new ResizeObserver(draw).observe(main);

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

function show(index: number): void {
  const run = done[index];
  if (run === undefined) return;
  const sections = runSections(run, data.timelines[run.name]);
  detailed = shown(sections);
  detail.replaceChildren(picker(index), contents(sections), ...detailed.map(({ element }) => element));
  draw();
}

function picker(selected: number): HTMLElement {
  const options = done.map(({ name }, index) =>
    element("option", { value: String(index), ...(index === selected ? { selected: "" } : {}) }, name),
  );
  const select = element("select", { id: "run-choice" }, ...options);
  select.addEventListener("change", () => {
    show(Number(select.value));
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
  return element("nav", { "aria-label": "Sections of the run" }, ...links);
}

function toolbar(): HTMLElement {
  return element("div", { class: "toolbar" }, button("Dark or light", themes.toggle));
}
