/**
 * A report as one file that asks for nothing: script, style and data are in it, and its policy lets nothing else run.
 * Pure: what the page is made of comes in.
 */
import { version } from "../version.ts";
import { type PageData, pageText } from "./page-data.ts";

/** The built script and style of the page, with their hashes as a content policy names them ("sha256-.."). */
export interface PageAssets {
  readonly script: string;
  readonly scriptHash: string;
  readonly style: string;
  readonly styleHash: string;
  /** Licences of the packages in the script. */
  readonly notices: string;
}

export function renderHtml(
  data: PageData,
  { script, scriptHash, style, styleHash, notices }: PageAssets,
): string {
  const policy = [
    "default-src 'none'",
    `script-src '${scriptHash}'`,
    `style-src '${styleHash}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="papillon-sim ${version}">
<title>${escaped(data.title)} | Papillon</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header><h1>${escaped(data.title)}</h1><p>${escaped(data.subtitle)}</p></header>
<noscript><p>This report draws itself with a script of its own, which is switched off here.</p></noscript>
<main id="main"></main>
<script type="application/json" id="data">${pageText(data)}</script>
<script>${script}</script>
<!--
${notices.replaceAll("--", "- -")}
-->
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? "");
