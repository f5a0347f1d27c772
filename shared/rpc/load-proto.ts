import { fileURLToPath } from "node:url";
import { loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync, type Options } from "@grpc/proto-loader";
import type { ProtoGrpcType as AgentLinkProto } from "../../proto/gen/agent_link.ts";
import type { ProtoGrpcType as EnrolmentProto } from "../../proto/gen/enrolment.ts";
import type { ProtoGrpcType as OperatorProto } from "../../proto/gen/operator.ts";

/**
 * The types under proto/gen are true for these options alone: the `proto` script in package.json
 * passes the same ones, and test/rpc-contract.test.ts compares the two.
 */
export const loaderOptions = {
  longs: Number,
  defaults: true,
  oneofs: true,
} as const satisfies Options;

export const protoFiles = [
  "fleetsweep/v1/agent_link.proto",
  "fleetsweep/v1/operator.proto",
  "fleetsweep/v1/enrolment.proto",
] as const;

/** Client constructors; each has its service definition, for `server.addService`, as `.service`. */
export type Services = AgentLinkProto["fleetsweep"]["v1"] &
  OperatorProto["fleetsweep"]["v1"] &
  EnrolmentProto["fleetsweep"]["v1"];

let loaded: Services | undefined;

/**
 * The services of proto/fleetsweep/v1, parsed once a process. Throws a plain Error where the files
 * are missing or malformed: the installation is damaged, and nothing can go on.
 */
export function loadServices(): Services {
  loaded ??= parseServices();
  return loaded;
}

function parseServices(): Services {
  const definition = loadSync([...protoFiles], {
    ...loaderOptions,
    includeDirs: [protoDirectory()],
  });
  const root = loadPackageDefinition(definition) as unknown as {
    readonly fleetsweep: { readonly v1: Services };
  };
  return root.fleetsweep.v1;
}

/** The build copies the protos to dist/proto, so the same relative path holds there. */
export function protoDirectory(): string {
  return fileURLToPath(new URL("../../proto", import.meta.url));
}
