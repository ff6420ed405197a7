/** Walks the graph in its order and finds the shape of every value, with functions inlined and what is known before the run computed. */
import { type Call, placeOf } from "./call.ts";
import { elementType } from "./element-type.ts";
import { dataField, valueMade } from "./made-value.ts";
import type {
  AttributeMessage,
  FunctionMessage,
  GraphMessage,
  ModelMessage,
  NodeMessage,
  TensorMessage,
  TypeMessage,
} from "./message.ts";
import type { Operator } from "./operator.ts";
import { operatorOf } from "./operators/index.ts";
import { checkedShape } from "./read-tensor.ts";
import { Refused } from "./refused.ts";
import { smallData } from "./tensor-data.ts";
import type { Value } from "./value.ts";
import type { Wire } from "./wire.ts";

/** A node that was understood. */
export interface Step {
  readonly call: Call;
  readonly operator: Operator;
  readonly results: readonly Value[];
}

export interface Interpreted {
  readonly steps: readonly Step[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Nodes without a known operator, or behind one so that their sizes are not known. */
  readonly uncosted: readonly Uncosted[];
  /** Every value that has a name in the main graph, for comparison with what the file says. */
  readonly values: ReadonlyMap<string, Value>;
  readonly nodes: number;
}

export interface Uncosted {
  readonly node: NodeMessage;
  readonly why: "unknown" | "behind";
  readonly results: readonly Value[];
  readonly inputs: readonly Value[];
}

/** Functions may multiply: more nodes than this are refused. */
const mostNodes = 1_000_000;
const deepest = 40;

interface Scope {
  readonly values: Map<string, Value>;
  /** Names of values whose sizes are not known, since an operator without a rule makes them. */
  readonly behind: Set<string>;
  readonly opsets: ReadonlyMap<string, number>;
  /** Attributes of the function that is inlined. */
  readonly attributes: ReadonlyMap<string, AttributeMessage>;
  readonly prefix: string;
  readonly depth: number;
  /** What the file says of values, where a rule cannot. */
  readonly declared: ReadonlyMap<string, TypeMessage>;
}

/**
 * @param sizeOf the size of an open dimension, where it is set
 * @param given what inputs of the graph hold, where it is known
 * @throws Refused for a node that cannot be
 */
export function interpret(
  model: ModelMessage,
  wire: Wire,
  sizeOf: (value: string, axis: number, name: string | undefined) => number | undefined,
  given: Readonly<Record<string, readonly number[]>> = {},
): Interpreted {
  const steps: Step[] = [];
  const uncosted: Uncosted[] = [];
  const { graph } = model;
  const declared = new Map(
    [...graph.values, ...graph.outputs].flatMap(({ name, type }) =>
      type === undefined ? [] : [[name, type]],
    ),
  );
  const scope: Scope = {
    values: new Map(),
    behind: new Set(),
    opsets: model.opsets,
    attributes: new Map(),
    prefix: "",
    depth: 0,
    declared,
  };
  let nodes = 0;
  const tensorValue = (tensor: TensorMessage): Value => ({
    name: tensor.name,
    type: tensor.type,
    shape: tensor.shape,
    constant: true,
    roots: [tensor],
    ...dataField(smallData(wire, tensor)),
  });
  const bindInitializers = ({ initializers }: GraphMessage, { values }: Scope): void => {
    for (const tensor of initializers) values.set(tensor.name, tensorValue(tensor));
  };
  const declaredValue = (type: TypeMessage | undefined, name: string): Value | undefined => {
    if (type?.kind !== "tensor" || type.shape === undefined) return undefined;
    const shape = type.shape.flatMap((size, axis) =>
      typeof size === "number" ? [size] : (sizeOf(name, axis, size) ?? []),
    );
    if (shape.length < type.shape.length) return undefined;
    const where = `value ${JSON.stringify(name)}`;
    return {
      name,
      type: elementType(type.element, where),
      shape: checkedShape(shape, where),
      constant: false,
      roots: [],
    };
  };

  const run = (list: readonly NodeMessage[], within: Scope): void => {
    for (const node of list) {
      nodes += 1;
      if (nodes > mostNodes)
        throw new Refused("", `at most ${mostNodes} nodes`, "more, with functions inlined");
      visit(attributed(node, within), within);
    }
  };
  const visit = (node: NodeMessage, within: Scope): void => {
    const where = placeOf({ ...node, name: within.prefix + node.name });
    const inputs = node.inputs.map((name) => namedValue(within, name, where));
    const operator = operatorOf(node.domain, node.operator);
    const local = model.functions.get(`${node.domain}:${node.operator}`);
    const branch = branchOf(node, inputs);
    const behind = inputs.some((value) => value === "behind");
    const known = inputs.map((value) => (value === "behind" ? undefined : value));
    if (!behind && branch !== undefined) {
      inlineBranch(branch, node, within);
      return;
    }
    if (!behind && local !== undefined) {
      inlineFunction(local, node, known, within, where);
      return;
    }
    if (behind || operator === undefined) {
      const results = node.outputs.flatMap((name) => {
        const value = declaredValue(within.declared.get(name), name);
        if (value === undefined) within.behind.add(name);
        else within.values.set(name, value);
        return value ?? [];
      });
      const why = operator === undefined ? "unknown" : "behind";
      uncosted.push({ node, why, results, inputs: known.flatMap((value) => value ?? []) });
      return;
    }
    const opset = within.opsets.get(node.domain) ?? 1;
    const call: Call = {
      node: { ...node, name: within.prefix + node.name },
      where,
      opset,
      inputs: known,
      tensorOf: ({ tensor }) => {
        if (tensor === undefined) throw new Refused(where, "a tensor", "none");
        return tensorValue(tensor);
      },
    };
    const found = operator.infer(call);
    const results = node.outputs.flatMap((name, index) => {
      const made = found[index];
      if (made === undefined || name === "") return [];
      const value = valueMade(made, `${within.prefix}${name}`, call);
      within.values.set(name, value);
      return [value];
    });
    steps.push({ call, operator, results });
  };
  const inlineBranch = (branch: GraphMessage, node: NodeMessage, within: Scope): void => {
    if (within.depth > deepest)
      throw new Refused(placeOf(node), `at most ${deepest} branches in each other`, "more");
    const inside: Scope = {
      ...within,
      values: new Map(within.values),
      behind: new Set(within.behind),
      depth: within.depth + 1,
    };
    bindInitializers(branch, inside);
    run(branch.nodes, inside);
    rename(
      node,
      branch.outputs.map(({ name }) => name),
      inside,
      within,
    );
  };
  const inlineFunction = (
    local: FunctionMessage,
    node: NodeMessage,
    inputs: readonly (Value | undefined)[],
    within: Scope,
    where: string,
  ): void => {
    if (within.depth > deepest)
      throw new Refused(where, `at most ${deepest} functions in each other`, "more");
    const defaults = local.defaults.map((attribute): [string, AttributeMessage] => [
      attribute.name,
      attribute,
    ]);
    const inside: Scope = {
      values: new Map(
        local.inputs.flatMap((name, index) => {
          const value = inputs[index];
          return value === undefined ? [] : [[name, value]];
        }),
      ),
      behind: new Set(),
      opsets: new Map([...within.opsets, ...local.opsets]),
      attributes: new Map([...defaults, ...node.attributes]),
      prefix: `${within.prefix}${node.name || node.outputs[0] || node.operator}/`,
      depth: within.depth + 1,
      declared: new Map(),
    };
    run(local.nodes, inside);
    rename(node, local.outputs, inside, within);
  };

  bindInitializers(graph, scope);
  const inputs = graph.inputs.flatMap(({ name, type }) => {
    if (scope.values.has(name)) return [];
    const where = `graph input ${JSON.stringify(name)}`;
    if (type?.kind !== "tensor")
      throw new Refused(where, "a tensor", type === undefined ? "no type" : `a ${type.kind}`);
    if (type.shape === undefined) throw new Refused(where, "a tensor of known rank", "one without a shape");
    const value = declaredValue(type, name);
    if (value === undefined) return [];
    const data = given[name];
    const input: Value = data === undefined ? { ...value, given: true } : { ...value, data, constant: true };
    scope.values.set(name, input);
    return [input];
  });
  run(graph.nodes, scope);
  const outputs = graph.outputs.flatMap(({ name }) => scope.values.get(name) ?? []);
  return { steps, inputs, outputs, uncosted, values: scope.values, nodes };
}

/** The value of that name; "behind" where an operator without a rule makes it. */
function namedValue({ values, behind }: Scope, name: string, where: string): Value | "behind" | undefined {
  if (name === "") return undefined;
  const value = values.get(name);
  if (value !== undefined) return value;
  if (behind.has(name)) return "behind";
  throw new Refused(where, "inputs that nodes before it make", JSON.stringify(name));
}

function rename(node: NodeMessage, names: readonly string[], inside: Scope, within: Scope): void {
  for (const [index, name] of node.outputs.entries()) {
    const value = inside.values.get(names[index] ?? "");
    if (value !== undefined) within.values.set(name, value);
    else within.behind.add(name);
  }
}

/** The branch that an If takes, where its condition is known before the run. */
function branchOf(
  node: NodeMessage,
  inputs: readonly (Value | "behind" | undefined)[],
): GraphMessage | undefined {
  const [condition] = inputs;
  if (node.operator !== "If" || node.domain !== "" || typeof condition !== "object") return undefined;
  const [chosen] = condition.data ?? [];
  if (chosen === undefined) return undefined;
  return node.attributes.get(chosen === 0 ? "else_branch" : "then_branch")?.graph;
}

/** Attributes that stand for one of the function's take its value, or are left out with it. */
function attributed(node: NodeMessage, { attributes }: Scope): NodeMessage {
  const given = [...node.attributes.values()];
  if (given.every(({ refers }) => refers === "")) return node;
  const taken = given.flatMap((attribute): [string, AttributeMessage][] => {
    if (attribute.refers === "") return [[attribute.name, attribute]];
    const value = attributes.get(attribute.refers);
    return value === undefined ? [] : [[attribute.name, { ...value, name: attribute.name }]];
  });
  return { ...node, attributes: new Map(taken) };
}
