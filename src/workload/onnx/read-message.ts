/** Reads a model's messages off the wire. Fields that say nothing about the work pass unread. */
import type {
  AttributeMessage,
  FunctionMessage,
  GraphMessage,
  ModelMessage,
  NodeMessage,
} from "./message.ts";
import { readSparse, readTensor } from "./read-tensor.ts";
import { readValue } from "./read-type.ts";
import { Refused } from "./refused.ts";
import type { Range, Wire } from "./wire.ts";

/** Graphs within graphs: more than any exporter writes, and less than the stack has room for. */
const deepest = 40;

/** @throws Refused where the bytes are no model */
export function readModel(wire: Wire): ModelMessage {
  const opsets = new Map<string, number>();
  const functions = new Map<string, FunctionMessage>();
  let [irVersion, producer] = [0, ""];
  let graph: GraphMessage | undefined;
  wire.fields(wire.whole, (field) => {
    if (field.number === 1) irVersion = field.value;
    else if (field.number === 2) producer = wire.text(field);
    else if (field.number === 7) graph = readGraph(wire, field, 0);
    else if (field.number === 8) readOpset(wire, field, opsets);
    else if (field.number === 25) {
      const read = readFunction(wire, field);
      functions.set(`${read.domain}:${read.name}`, read);
    }
  });
  if (graph === undefined) throw new Refused("", "an ONNX model with a graph", "no field graph");
  if (opsets.size === 0 && irVersion >= 3)
    throw new Refused("opset_import", "the version of each operator set", "none");
  return { irVersion, producer, opsets, graph, functions };
}

function readOpset(wire: Wire, range: Range, into: Map<string, number>): void {
  let [domain, version] = ["", 0];
  wire.fields(range, (field) => {
    if (field.number === 1) domain = wire.text(field);
    else if (field.number === 2) version = field.value;
  });
  into.set(domain === "ai.onnx" ? "" : domain, version);
}

function readGraph(wire: Wire, range: Range, depth: number): GraphMessage {
  if (depth > deepest)
    throw new Refused(`byte ${range.start}`, `at most ${deepest} graphs in each other`, "more");
  const graph = {
    name: "",
    nodes: list<NodeMessage>(),
    inputs: list<ReturnType<typeof readValue>>(),
    outputs: list<ReturnType<typeof readValue>>(),
    values: list<ReturnType<typeof readValue>>(),
    initializers: list<ReturnType<typeof readTensor>>(),
  };
  wire.fields(range, (field) => {
    switch (field.number) {
      case 1:
        graph.nodes.push(readNode(wire, field, depth));
        break;
      case 2:
        graph.name = wire.text(field);
        break;
      case 5:
        graph.initializers.push(readTensor(wire, field));
        break;
      case 11:
        graph.inputs.push(readValue(wire, field));
        break;
      case 12:
        graph.outputs.push(readValue(wire, field));
        break;
      case 13:
        graph.values.push(readValue(wire, field));
        break;
      case 15:
        graph.initializers.push(readSparse(wire, field));
        break;
    }
  });
  return graph;
}

function readNode(wire: Wire, range: Range, depth: number): NodeMessage {
  const node = { name: "", operator: "", domain: "", inputs: list<string>(), outputs: list<string>() };
  const attributes = new Map<string, AttributeMessage>();
  wire.fields(range, (field) => {
    switch (field.number) {
      case 1:
        node.inputs.push(wire.text(field));
        break;
      case 2:
        node.outputs.push(wire.text(field));
        break;
      case 3:
        node.name = wire.text(field);
        break;
      case 4:
        node.operator = wire.text(field);
        break;
      case 5: {
        const attribute = readAttribute(wire, field, depth);
        attributes.set(attribute.name, attribute);
        break;
      }
      case 7:
        node.domain = wire.text(field);
        break;
    }
  });
  if (node.operator === "")
    throw new Refused(`byte ${range.start}`, "a node with an operator", "no field op_type");
  return { ...node, domain: node.domain === "ai.onnx" ? "" : node.domain, attributes };
}

function readAttribute(wire: Wire, range: Range, depth: number): AttributeMessage {
  let [name, refers] = ["", ""];
  const [floats, ints, texts] = [list<number>(), list<number>(), list<string>()];
  let single: Partial<AttributeMessage> = {};
  wire.fields(range, (field) => {
    switch (field.number) {
      case 1:
        name = wire.text(field);
        break;
      case 2:
        single = { ...single, float: wire.float32(field.start) };
        break;
      case 3:
        single = { ...single, int: field.value };
        break;
      case 4:
        single = { ...single, text: wire.text(field) };
        break;
      case 5:
        single = { ...single, tensor: readTensor(wire, field) };
        break;
      case 6:
        single = { ...single, graph: readGraph(wire, field, depth + 1) };
        break;
      case 7:
        for (const float of wire.floats(field)) floats.push(float);
        break;
      case 8:
        for (const int of wire.varints(field)) ints.push(int);
        break;
      case 9:
        texts.push(wire.text(field));
        break;
      case 21:
        refers = wire.text(field);
        break;
    }
  });
  return { name, refers, floats, ints, texts, ...single };
}

function readFunction(wire: Wire, range: Range): FunctionMessage {
  const read = {
    name: "",
    domain: "",
    inputs: list<string>(),
    outputs: list<string>(),
    nodes: list<NodeMessage>(),
    defaults: list<AttributeMessage>(),
    opsets: new Map<string, number>(),
  };
  wire.fields(range, (field) => {
    switch (field.number) {
      case 1:
        read.name = wire.text(field);
        break;
      case 4:
        read.inputs.push(wire.text(field));
        break;
      case 5:
        read.outputs.push(wire.text(field));
        break;
      case 7:
        read.nodes.push(readNode(wire, field, 0));
        break;
      case 9:
        readOpset(wire, field, read.opsets);
        break;
      case 10:
        read.domain = wire.text(field);
        break;
      case 11:
        read.defaults.push(readAttribute(wire, field, 0));
        break;
    }
  });
  return read;
}

/** An empty list that says of what. */
const list = <T>(): T[] => [];
