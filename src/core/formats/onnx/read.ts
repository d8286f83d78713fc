import { PbfReader } from 'pbf';
import { FoveaError, mismatch } from '../../errors.ts';
import { quotePath } from '../quote.ts';
import {
  elementTypes,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './messages.ts';
import { readTensorMessage } from './tensor.ts';
import { eachField, limited, readInteger, readMessage, readText, varints } from './wire.ts';

/** More of anything is refused before it is kept: a classifier has some hundreds. */
const most = { nodes: 5_000, tensors: 20_000, inputs: 4096, attributes: 256, metadata: 4096 } as const;

/** Names of values and operators are short; class names and a spec may stand in the metadata. */
const mostText = { name: 4096, metadata: 64 * 1024 * 1024 } as const;

/**
 * Reads a .onnx file: its operators, weights, inputs and outputs, trusting nothing. Every length is checked against what
 * holds it, counts are bounded, weights in other files are refused, subgraphs and functions are not entered.
 *
 * @param name the file's name, for errors. @throws FoveaError for anything that is not such a file.
 */
export function readOnnx(bytes: Uint8Array, name: string): OnnxModel {
  const subject = `file ${quotePath(name)}`;
  try {
    return readModel(new PbfReader(bytes), subject);
  } catch (error) {
    if (error instanceof FoveaError) throw error;
    // What pbf throws: an unknown wire type, a varint of more than ten bytes, a number past the end.
    const reason = error instanceof Error ? error.message : String(error);
    throw mismatch('an ONNX model', subject, `other bytes (${reason})`, 'Save or copy the file again');
  }
}

interface Graph {
  nodes: OnnxNode[];
  initializers: OnnxTensor[];
  inputs: OnnxValue[];
  outputs: OnnxValue[];
}

function readModel(reader: PbfReader, subject: string): OnnxModel {
  let ir = 0;
  let producer = '';
  let opset: number | undefined;
  let graph: Graph | undefined;
  const metadata = new Map<string, string>();
  eachField(reader, reader.length, subject, (field) => {
    if (field === 1) ir = readInteger(reader);
    else if (field === 2) producer = readText(reader, mostText.name, subject);
    else if (field === 7) {
      if (graph) throw mismatch('one graph', subject, 'two');
      graph = readMessage(reader, subject, (end) => readGraph(reader, end, subject));
    } else if (field === 8) {
      const [domain, version] = readMessage(reader, subject, (end) => readOpset(reader, end, subject));
      if (isStandard(domain)) opset = version;
    } else if (field === 14) {
      limited(metadata.size, most.metadata, 'entries of metadata', subject);
      metadata.set(...readMessage(reader, subject, (end) => readEntry(reader, end, subject)));
    }
  });
  if (!graph || ir < 1) throw mismatch('an ONNX model', subject, 'a file without a graph', 'Is it an ONNX file?');
  if (opset === undefined || opset < 7) {
    const found = opset === undefined ? 'no version of them' : `version ${opset}`;
    throw mismatch('operators of opset 7 or later', subject, found, 'Export the model again with a newer opset');
  }
  return { producer, opset, metadata, ...graph };
}

export const isStandard = (domain: string): boolean => domain === '' || domain === 'ai.onnx';

function readOpset(reader: PbfReader, end: number, subject: string): [string, number] {
  let domain = '';
  let version = 0;
  eachField(reader, end, subject, (field) => {
    if (field === 1) domain = readText(reader, mostText.name, subject);
    else if (field === 2) version = readInteger(reader);
  });
  return [domain, version];
}

function readEntry(reader: PbfReader, end: number, subject: string): [string, string] {
  let key = '';
  let value = '';
  eachField(reader, end, subject, (field) => {
    if (field === 1) key = readText(reader, mostText.name, subject);
    else if (field === 2) value = readText(reader, mostText.metadata, subject);
  });
  return [key, value];
}

function readGraph(reader: PbfReader, end: number, subject: string): Graph {
  const graph: Graph = { nodes: [], initializers: [], inputs: [], outputs: [] };
  const { nodes, initializers, inputs, outputs } = graph;
  eachField(reader, end, subject, (field) => {
    if (field === 1) {
      limited(nodes.length, most.nodes, 'operators', subject);
      nodes.push(readMessage(reader, subject, (at) => readNode(reader, at, subject)));
    } else if (field === 5) {
      limited(initializers.length, most.tensors, 'tensors', subject);
      initializers.push(readMessage(reader, subject, (at) => readTensorMessage(reader, at, subject)));
    } else if (field === 11 || field === 12) {
      const list = field === 11 ? inputs : outputs;
      // Old files list every weight as an input too.
      limited(list.length, most.tensors, 'inputs or outputs', subject);
      list.push(readMessage(reader, subject, (at) => readValue(reader, at, subject)));
    }
  });
  return graph;
}

function readNode(reader: PbfReader, end: number, subject: string): OnnxNode {
  let [name, opType, domain] = ['', '', ''];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  eachField(reader, end, subject, (field) => {
    if (field === 1 || field === 2) {
      const list = field === 1 ? inputs : outputs;
      limited(list.length, most.inputs, 'inputs or outputs of an operator', subject);
      list.push(readText(reader, mostText.name, subject));
    } else if (field === 3) name = readText(reader, mostText.name, subject);
    else if (field === 4) opType = readText(reader, mostText.name, subject);
    else if (field === 7) domain = readText(reader, mostText.name, subject);
    else if (field === 5) {
      limited(attributes.size, most.attributes, 'attributes of an operator', subject);
      attributes.set(...readMessage(reader, subject, (at) => readAttribute(reader, at, subject)));
    }
  });
  return { name, opType, domain, inputs, outputs, attributes };
}

function readAttribute(reader: PbfReader, end: number, subject: string): [string, OnnxAttribute] {
  let name = '';
  let type = 0;
  let single: number | undefined;
  let text: string | undefined;
  let tensor: OnnxTensor | undefined;
  const floats: number[] = [];
  const ints: number[] = [];
  eachField(reader, end, subject, (field) => {
    if (field === 1) name = readText(reader, mostText.name, subject);
    else if (field === 2) single = reader.readFloat();
    else if (field === 3) single = readInteger(reader);
    else if (field === 4) text = readText(reader, mostText.metadata, subject);
    else if (field === 5) tensor = readMessage(reader, subject, (at) => readTensorMessage(reader, at, subject));
    else if (field === 7) {
      if (reader.type === 2) {
        const last = reader.readVarint() + reader.pos;
        while (reader.pos < last && reader.pos < end) limitedPush(floats, reader.readFloat(), subject);
      } else limitedPush(floats, reader.readFloat(), subject);
    } else if (field === 8) varints(reader, end, (value) => limitedPush(ints, value, subject));
    else if (field === 20) type = readInteger(reader);
  });
  return [name, attributeOf(type, { single, text, tensor, floats, ints })];
}

const mostNumbers = 100_000;

function limitedPush(list: number[], value: number, subject: string): true {
  limited(list.length, mostNumbers, 'numbers in an attribute', subject);
  list.push(value);
  return true;
}

/** By AttributeProto.AttributeType; very old files leave it out. */
function attributeOf(
  type: number,
  found: {
    single: number | undefined;
    text: string | undefined;
    tensor: OnnxTensor | undefined;
    floats: readonly number[];
    ints: readonly number[];
  },
): OnnxAttribute {
  const { single, text, tensor, floats, ints } = found;
  if (type === 1) return { kind: 'float', value: single ?? 0 };
  if (type === 2) return { kind: 'int', value: single ?? 0 };
  if (type === 3) return { kind: 'string', value: text ?? '' };
  if (type === 4 && tensor) return { kind: 'tensor', value: tensor };
  if (type === 6) return { kind: 'floats', value: floats };
  if (type === 7) return { kind: 'ints', value: ints };
  return { kind: 'unread' };
}

const typeNames: ReadonlyMap<number, keyof typeof elementTypes> = new Map(
  Object.entries(elementTypes).map(([name, number]) => [number, name as keyof typeof elementTypes]),
);

function readValue(reader: PbfReader, end: number, subject: string): OnnxValue {
  let name = '';
  let type: OnnxValue['type'] = 'other';
  const dims: OnnxValue['dims'][number][] = [];
  const readDimension = (last: number): void => {
    let size: number | string | undefined;
    eachField(reader, last, subject, (field) => {
      if (field === 1) size = readInteger(reader);
      else if (field === 2) size = readText(reader, mostText.name, subject);
    });
    limited(dims.length, 32, 'dimensions', subject);
    dims.push(size);
  };
  const readShape = (last: number): void =>
    eachField(reader, last, subject, (field) => {
      if (field === 1) readMessage(reader, subject, readDimension);
    });
  const readTensorType = (last: number): void =>
    eachField(reader, last, subject, (field) => {
      if (field === 1) type = typeNames.get(readInteger(reader)) ?? 'other';
      else if (field === 2) readMessage(reader, subject, readShape);
    });
  eachField(reader, end, subject, (field) => {
    if (field === 1) name = readText(reader, mostText.name, subject);
    else if (field === 2) {
      readMessage(reader, subject, (last) =>
        eachField(reader, last, subject, (inner) => {
          if (inner === 1) readMessage(reader, subject, readTensorType);
        }),
      );
    }
  });
  return { name, type, dims };
}
