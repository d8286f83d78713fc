import { PbfWriter } from 'pbf';
import {
  elementTypes,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './messages.ts';

/** IR version 10 came with opset 21 (onnx 1.16). */
const irVersion = 10;

/** A model as the bytes of a .onnx file. Equal models give equal bytes. */
export function writeOnnx(model: OnnxModel, graphName: string): Uint8Array {
  const writer = new PbfWriter();
  writer.writeVarintField(1, irVersion);
  writer.writeStringField(2, model.producer);
  writer.writeMessage(7, writeGraph, { model, name: graphName });
  writer.writeMessage(8, writeOpset, model.opset);
  for (const [key, value] of model.metadata) writer.writeMessage(14, writeEntry, { key, value });
  return writer.finish();
}

function writeOpset(version: number, writer: PbfWriter): void {
  writer.writeStringField(1, '');
  writer.writeVarintField(2, version);
}

function writeEntry({ key, value }: { key: string; value: string }, writer: PbfWriter): void {
  writer.writeStringField(1, key);
  writer.writeStringField(2, value);
}

function writeGraph({ model, name }: { model: OnnxModel; name: string }, writer: PbfWriter): void {
  for (const node of model.nodes) writer.writeMessage(1, writeNode, node);
  writer.writeStringField(2, name);
  for (const tensor of model.initializers) writer.writeMessage(5, writeTensor, tensor);
  for (const input of model.inputs) writer.writeMessage(11, writeValue, input);
  for (const output of model.outputs) writer.writeMessage(12, writeValue, output);
}

function writeNode(node: OnnxNode, writer: PbfWriter): void {
  for (const input of node.inputs) writer.writeStringField(1, input);
  for (const output of node.outputs) writer.writeStringField(2, output);
  writer.writeStringField(3, node.name);
  writer.writeStringField(4, node.opType);
  for (const [name, attribute] of node.attributes) writer.writeMessage(5, writeAttribute, { name, attribute });
  if (node.domain !== '') writer.writeStringField(7, node.domain);
}

/** AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;

function writeAttribute({ name, attribute }: { name: string; attribute: OnnxAttribute }, writer: PbfWriter): void {
  writer.writeStringField(1, name);
  switch (attribute.kind) {
    case 'float':
      writer.writeFloatField(2, attribute.value);
      break;
    case 'int':
      writer.writeVarintField(3, attribute.value);
      break;
    case 'string':
      writer.writeStringField(4, attribute.value);
      break;
    case 'tensor':
      writer.writeMessage(5, writeTensor, attribute.value);
      break;
    case 'floats':
      for (const value of attribute.value) writer.writeFloatField(7, value);
      break;
    case 'ints':
      for (const value of attribute.value) writer.writeVarintField(8, value);
      break;
    case 'unread':
      throw new Error(`attribute '${name}' was not read and cannot be written`);
  }
  writer.writeVarintField(20, attributeTypes[attribute.kind]);
}

function writeTensor({ dims, type, name, data }: OnnxTensor, writer: PbfWriter): void {
  if (data === undefined || type === 'other') throw new Error(`tensor '${name}' was not read and cannot be written`);
  for (const size of dims) writer.writeVarintField(1, size);
  writer.writeVarintField(2, elementTypes[type]);
  writer.writeStringField(8, name);
  writer.writeBytesField(9, rawBytes(type, data));
}

/** Elements as ONNX lays them out: little-endian, whatever the machine. */
function rawBytes(type: Exclude<OnnxTensor['type'], 'other'>, data: Float32Array | Float64Array): Uint8Array {
  const width = { float32: 4, int64: 8 } as Readonly<Record<string, number>>;
  if (!(type in width)) throw new Error(`elements of ${type} cannot be written`);
  const view = new DataView(new ArrayBuffer(data.length * width[type]));
  if (type === 'float32') for (let i = 0; i < data.length; i++) view.setFloat32(4 * i, data[i], true);
  else for (let i = 0; i < data.length; i++) view.setBigInt64(8 * i, BigInt(data[i]), true);
  return new Uint8Array(view.buffer);
}

function writeValue({ name, type, dims }: OnnxValue, writer: PbfWriter): void {
  if (type === 'other') throw new Error(`value '${name}' has a type that cannot be written`);
  writer.writeStringField(1, name);
  writer.writeMessage(2, writeType, { type: elementTypes[type], dims });
}

interface TensorType {
  readonly type: number;
  readonly dims: OnnxValue['dims'];
}

function writeType(tensor: TensorType, writer: PbfWriter): void {
  writer.writeMessage(1, writeTensorType, tensor);
}

function writeTensorType({ type, dims }: TensorType, writer: PbfWriter): void {
  writer.writeVarintField(1, type);
  writer.writeMessage(2, writeShape, dims);
}

function writeShape(dims: OnnxValue['dims'], writer: PbfWriter): void {
  for (const size of dims) writer.writeMessage(1, writeDimension, size);
}

function writeDimension(size: number | string | undefined, writer: PbfWriter): void {
  if (typeof size === 'number') writer.writeVarintField(1, size);
  else if (size !== undefined) writer.writeStringField(2, size);
}
