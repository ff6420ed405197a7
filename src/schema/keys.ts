/** Which keys a schema knows at a place of a document: for "did you mean". */
import { z } from "zod";
import { entryAt, type Path, type Tree } from "./tree.ts";

export function keysAt(schema: unknown, path: Path, tree: Tree): readonly string[] {
  let schemas = alternatives(schema, tree);
  let here: Tree | undefined = tree;
  for (const [index, step] of path.entries()) {
    here = entryAt(tree, path.slice(0, index + 1))?.value;
    schemas = schemas.flatMap((outer) => inside(outer, step)).flatMap((inner) => alternatives(inner, here));
  }
  return [
    ...new Set(schemas.flatMap((outer) => (outer instanceof z.ZodObject ? Object.keys(outer.shape) : []))),
  ];
}

/** The schema without its wrappers; of a union those members whose `kind` and `model` agree with the document. */
function alternatives(schema: unknown, tree: Tree | undefined): readonly unknown[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodLazy
  )
    return alternatives(schema.unwrap(), tree);
  if (schema instanceof z.ZodPipe) return alternatives(schema.in, tree);
  if (schema instanceof z.ZodUnion) {
    const fitting = schema.options
      .flatMap((option) => alternatives(option, tree))
      .filter((option) => agrees(option, tree));
    // Of models, the one that needs no naming is meant where none is named.
    const unnamed = fitting.filter((option) => !lacksLiteral(option, tree));
    return unnamed.length === 0 ? fitting : unnamed;
  }
  if (schema instanceof z.ZodIntersection)
    return [schema.def.left, schema.def.right].flatMap((side) => alternatives(side, tree));
  return [schema];
}

function agrees(schema: unknown, tree: Tree | undefined): boolean {
  if (!(schema instanceof z.ZodObject) || tree === undefined) return true;
  return Object.entries(schema.shape).every(([key, field]) => {
    const value = entryAt(tree, [key])?.value;
    const literal = field instanceof z.ZodOptional ? field.unwrap() : field;
    return !(literal instanceof z.ZodLiteral) || value?.kind !== "scalar" || literal.values.has(value.value);
  });
}

/** A literal that it requires is not written. */
const lacksLiteral = (schema: unknown, tree: Tree | undefined): boolean =>
  schema instanceof z.ZodObject &&
  tree !== undefined &&
  Object.entries(schema.shape).some(
    ([key, field]) => field instanceof z.ZodLiteral && entryAt(tree, [key]) === undefined,
  );

function inside(schema: unknown, step: string | number): readonly unknown[] {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, step) ? [schema.shape[step]] : [];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodTuple) return [schema.def.items[Number(step)] ?? schema.def.rest];
  return [];
}
