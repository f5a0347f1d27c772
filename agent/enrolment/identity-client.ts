import type { ServiceError } from "@grpc/grpc-js";
import type { EnrolRequest } from "../../proto/gen/fleetsweep/v1/EnrolRequest.ts";
import { channelCredentials, type Trust } from "../../shared/rpc/channel-credentials.ts";
import { loadServices } from "../../shared/rpc/load-proto.ts";
import { channelOptions } from "../../shared/rpc/protocol.ts";
import { fromStatus } from "../../shared/rpc/status.ts";
import type { Credentials } from "../../shared/security/credentials.ts";

const callTimeoutMs = 15_000;

type Answer = (error: ServiceError | null, response?: { certificate: string }) => void;

/** Asks for the first certificate. @throws FleetsweepError what the coordinator answers. */
export async function askToEnrol(
  address: string,
  trust: Trust,
  request: EnrolRequest,
): Promise<string> {
  const { EnrolmentService } = loadServices();
  const client = new EnrolmentService(address, channelCredentials(trust), channelOptions);
  return await ask(client, (limits, answer) => client.enrol(request, limits, answer));
}

/** Asks for the next certificate. @throws FleetsweepError what the coordinator answers. */
export async function askToRenew(
  address: string,
  held: Credentials,
  certificateRequest: string,
): Promise<string> {
  const { IdentityService } = loadServices();
  const client = new IdentityService(address, channelCredentials(held), channelOptions);
  return await ask(client, (limits, answer) =>
    client.renew({ certificateRequest }, limits, answer),
  );
}

async function ask(
  client: { close(): void },
  call: (limits: { deadline: number }, answer: Answer) => unknown,
): Promise<string> {
  try {
    return await new Promise((resolve, reject) => {
      call({ deadline: Date.now() + callTimeoutMs }, (error, response) => {
        if (error === null) resolve(response?.certificate ?? "");
        else reject(fromStatus(error));
      });
    });
  } finally {
    client.close();
  }
}
