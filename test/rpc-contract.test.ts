import { readFile } from "node:fs/promises";
import {
  credentials,
  Server,
  ServerCredentials,
  type ServiceError,
  status as Status,
} from "@grpc/grpc-js";
import { loadSync, type MessageTypeDefinition } from "@grpc/proto-loader";
import fc from "fast-check";
import protobuf from "protobufjs";
import { expect, test } from "vitest";
import { type ErrorCode, errorCatalogue, FleetsweepError } from "../shared/domain/errors.ts";
import {
  loaderOptions,
  loadServices,
  protoDirectory,
  protoFiles,
} from "../shared/rpc/load-proto.ts";
import { fromStatus, maxDetailsBytes, toStatus } from "../shared/rpc/status.ts";

type Message = Record<string, unknown>;

const definitions = loadSync([...protoFiles], {
  ...loaderOptions,
  includeDirs: [protoDirectory()],
});
const messageTypes = collectMessageTypes();
const errorCodes = Object.keys(errorCatalogue) as ErrorCode[];

function collectMessageTypes(): protobuf.Type[] {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => `${protoDirectory()}/${target}`;
  root.loadSync([...protoFiles]);
  root.resolveAll();
  const namespace = root.lookup("fleetsweep.v1") as protobuf.Namespace;
  return namespace.nestedArray.filter((member) => member instanceof protobuf.Type);
}

function definitionOf(type: protobuf.Type): MessageTypeDefinition<object, object> {
  const definition = definitions[type.fullName.slice(1)];
  if (definition === undefined || !("serialize" in definition)) {
    throw new Error(`${type.fullName} is not in the package definition`);
  }
  return definition as MessageTypeDefinition<object, object>;
}

/** Values as the loader's options give them back: defaults filled in, oneofs named. */
function messages(type: protobuf.Type): fc.Arbitrary<Message> {
  const plain = type.fieldsArray.filter((field) => field.partOf === null);
  const record: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of plain) record[field.name] = values(field);
  const oneofs = type.oneofsArray.map((oneof) => choices(oneof));
  return fc
    .tuple(fc.record(record), ...oneofs)
    .map((parts) => Object.assign({}, ...parts) as Message);
}

function choices(oneof: protobuf.OneOf): fc.Arbitrary<Message> {
  const members = oneof.fieldsArray.map((field) =>
    single(field).map((value): Message => ({ [field.name]: value, [oneof.name]: field.name })),
  );
  return fc.oneof(fc.constant<Message>({}), ...members);
}

function values(field: protobuf.Field): fc.Arbitrary<unknown> {
  if (field instanceof protobuf.MapField) {
    return fc.dictionary(fc.string({ minLength: 1 }), single(field), { noNullPrototype: true });
  }
  if (field.repeated) return fc.array(single(field), { maxLength: 4 });
  if (field.resolvedType !== null) return fc.option(single(field), { nil: null });
  return single(field);
}

function single(field: protobuf.Field): fc.Arbitrary<unknown> {
  if (field.resolvedType instanceof protobuf.Type) return messages(field.resolvedType);
  switch (field.type) {
    case "string":
      return fc.string({ unit: "grapheme" });
    case "bool":
      return fc.boolean();
    case "uint32":
      return fc.nat({ max: 0xffff_ffff });
    case "double":
      return fc.double({ noNaN: true });
    case "bytes":
      return fc.uint8Array().map((bytes) => Buffer.from(bytes));
    default:
      throw new Error(`no values for ${field.fullName} of type ${field.type}: add them here`);
  }
}

test.each(messageTypes.map((type) => [type.name, type] as const))(
  "%s comes back from the wire as it was sent",
  (_name, type) => {
    const { serialize, deserialize } = definitionOf(type);
    fc.assert(
      fc.property(messages(type), (message) => {
        expect(deserialize(serialize(message))).toEqual(message);
      }),
      { numRuns: 25 },
    );
  },
);

test.each(messageTypes.map((type) => [type.name, type] as const))(
  "the generated type of %s has the fields of its proto",
  async (name, type) => {
    const file = new URL(`../proto/gen/fleetsweep/v1/${name}.ts`, import.meta.url);
    const output = (await readFile(file, "utf8")).split(`interface ${name}__Output {`)[1];
    const generated = [...(output ?? "").matchAll(/^ {2}'(\w+)'/gm)].map((match) => match[1]);
    const declared = [...type.fieldsArray, ...type.oneofsArray].map((member) => member.name);
    expect(new Set(generated)).toEqual(new Set(declared));
  },
);

test("the proto script generates types for the loader's options and files", async () => {
  const manifest = JSON.parse(
    await readFile(new URL("../package.json", import.meta.url), "utf8"),
  ) as { scripts: { proto: string } };
  const generator = manifest.scripts.proto.split("proto-loader-gen-types ")[1] ?? "";
  const words = generator.split(" ");
  const flags = words.filter((word) =>
    /^--(longs|enums|bytes|defaults|arrays|objects|oneofs|keepCase|json)/.test(word),
  );
  expect(flags).toEqual(["--longs=Number", "--defaults", "--oneofs"]);
  expect(loaderOptions).toEqual({ defaults: true, longs: Number, oneofs: true });
  expect(words.filter((word) => word.endsWith(".proto"))).toEqual([...protoFiles]);
});

test.each(errorCodes)("%s crosses a call with its code, message and status", async (code) => {
  const error = new FleetsweepError(code, "tried ä, found “b”\non line 2");
  const received = await callFailingWith(error);
  expect(Status[received.code]).toBe(errorCatalogue[code].status);
  expect(fromStatus(received)).toMatchObject({ code, message: error.message });
});

test("the longest message that is sent uncut crosses a call whole", async () => {
  const error = new FleetsweepError("sweep.invalid", "é".repeat(maxDetailsBytes / 6));
  const received = await callFailingWith(error);
  expect(fromStatus(received)).toMatchObject({ code: "sweep.invalid", message: error.message });
});

/** What a client of a real server on loopback gets where the handler fails with `error`. */
async function callFailingWith(error: FleetsweepError): Promise<ServiceError> {
  const { OperatorService } = loadServices();
  const server = new Server();
  const fail = (_call: unknown, callback: (error: ServiceError) => void): void =>
    callback(toStatus(error));
  const handlers = Object.keys(OperatorService.service).map((method) => [method, fail] as const);
  server.addService(OperatorService.service, Object.fromEntries(handlers));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (problem, bound) =>
      problem ? reject(problem) : resolve(bound),
    );
  });
  const client = new OperatorService(`127.0.0.1:${port}`, credentials.createInsecure());
  try {
    return await new Promise<ServiceError>((resolve, reject) => {
      client.ListHosts({}, (problem) =>
        problem ? resolve(problem) : reject(new Error("the call did not fail")),
      );
    });
  } finally {
    client.close();
    server.forceShutdown();
  }
}

test("fields that a newer peer adds are ignored in every message", () => {
  // Field 1900: a varint, then 1901: text.
  const added = Uint8Array.from([0xe0, 0x76, 0x2a, 0xea, 0x76, 0x02, 0x68, 0x69]);
  for (const type of messageTypes) {
    const { serialize, deserialize } = definitionOf(type);
    const known = serialize({});
    const message = deserialize(Buffer.concat([known, added]));
    expect({ type: type.name, message }).toEqual({ type: type.name, message: deserialize(known) });
  }
});

test("a message of a kind that a newer peer adds is passed over, and the stream goes on", () => {
  const { Attach } = loadServices().AgentLinkService.service;
  // The oneof's field 1900, with an empty message.
  const unknown = Buffer.from([0xe2, 0x76, 0x00]);
  expect(Attach.requestDeserialize(unknown).message).toBeUndefined();
  expect(Attach.responseDeserialize(unknown).message).toBeUndefined();
});
