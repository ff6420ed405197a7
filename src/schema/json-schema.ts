/** JSON Schema of a config, so that editors complete and check it. */
import { z } from "zod";

/** The text of the schema file: the same schema gives the same text. */
export function jsonSchema(
  schema: z.ZodType,
  { id, title }: { readonly id: string; readonly title: string },
): string {
  // yaml-language-server, which VS Code and others use, knows draft 7 best.
  const generated = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ $id: id, title, ...generated }, null, 2)}\n`;
}
