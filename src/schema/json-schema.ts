/** JSON Schema of a config, so that editors complete and check it while it is written. */
import { z } from "zod";

type Json = z.core.JSONSchema.BaseSchema;

/** The text of the schema file: the same schema gives the same text. */
export function jsonSchema(
  schema: z.ZodType,
  { id, title }: { readonly id: string; readonly title: string },
): string {
  // yaml-language-server, which VS Code and others use, knows draft 7 best.
  const { $schema, definitions, ...document }: Json = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => includable(jsonSchema),
  });
  const whole = document.type === "object" ? extendable(document) : document;
  return `${JSON.stringify({ $schema, $id: id, title, ...whole, definitions }, null, 2)}\n`;
}

/** Where the name of another document may stand, a text may stand: its schema says `includable`. */
function includable(schema: Json): void {
  const { includable, description, ...content } = schema;
  if (includable !== true) return;
  for (const key of Object.keys(schema)) delete schema[key];
  Object.assign(schema, { description, anyOf: [{ type: "string" }, content] });
}

/** A document that extends others may leave out, at any depth, what they bring. */
function extendable(document: Json): Json {
  return {
    type: "object",
    if: { required: ["extends"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: partial({ ...document, properties: { extends: references, ...document.properties } }),
    else: document,
  };
}

const references: Json = {
  description: "A file, or several, that this one is based on; paths are relative to this file.",
  anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
};

/** The same without required keys. Without its `kind` a component fits several forms, hence any of them, not exactly one. */
function partial(schema: Json): Json {
  const { required, oneOf, ...rest } = schema;
  const relaxed = Object.entries(rest).map(([key, value]): [string, unknown] => {
    if (key === "properties" && isRecord(value))
      return [key, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, relax(inner)]))];
    return [key, Array.isArray(value) ? value.map(relax) : relax(value)];
  });
  return { ...Object.fromEntries(relaxed), ...(oneOf === undefined ? {} : { anyOf: oneOf.map(partial) }) };
}

const relax = (value: unknown): unknown => (isRecord(value) ? partial(value) : value);

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
