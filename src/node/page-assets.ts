/** The built parts of a report's page, from beside the command. */
import { createHash } from "node:crypto";
import type { PageAssets } from "../report/html.ts";
import { shippedText } from "./library.ts";

export function pageAssets(): PageAssets {
  // A page's script ends where its text says so, wherever that stands.
  const script = shippedText("dist/page.js").replaceAll("</script", "<\\/script");
  const style = shippedText("dist/page.css");
  const notices = shippedText("dist/THIRD-PARTY-NOTICES-page");
  return { script, scriptHash: hashOf(script), style, styleHash: hashOf(style), notices };
}

/** As a content policy names it. */
const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
