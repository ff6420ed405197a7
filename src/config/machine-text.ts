/** A machine as YAML that a person reads: what fits on a line stands on one. */
import { Document, isCollection, isMap, isPair, isScalar, visit } from "yaml";

const lineWidth = 120;

export function machineText(machine: Readonly<Record<string, unknown>>, comment: string): string {
  const document = new Document(machine);
  visit(document, {
    Collection(_, node, path) {
      if (path.length > 3 && onOneLine(node)) node.flow = true;
    },
  });
  document.commentBefore = ` yaml-language-server: $schema=../../schemas/hardware.schema.json\n ${comment}`;
  return document.toString({ lineWidth, flowCollectionPadding: true });
}

/** Only scalars, or a number with its origin, and short. */
function onOneLine(node: unknown): boolean {
  if (!isCollection(node)) return false;
  const plain = node.items.every((item) => {
    const value = isPair(item) ? item.value : item;
    return isScalar(value) || (isCollection(value) && !isMap(value) && value.items.every(isScalar));
  });
  return plain && JSON.stringify(node).length < lineWidth;
}
