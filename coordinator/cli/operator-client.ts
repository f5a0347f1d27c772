import { type ClientReadableStream, connectivityState, type ServiceError } from "@grpc/grpc-js";
import type { Command } from "commander";
import type { OperatorServiceClient } from "../../proto/gen/fleetsweep/v1/OperatorService.ts";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { channelCredentials, type Trust } from "../../shared/rpc/channel-credentials.ts";
import { receive } from "../../shared/rpc/duplex.ts";
import { loadServices } from "../../shared/rpc/load-proto.ts";
import { channelOptions } from "../../shared/rpc/protocol.ts";
import { fromStatus } from "../../shared/rpc/status.ts";
import { findCredentials } from "./find-credentials.ts";
import { coordinatorAddresses, type PlaceOptions } from "./state-place.ts";

/** A unary call of an operator may take so long; planning a large sweep is the slowest. */
const callTimeoutMs = 60_000;
/** A coordinator that is there answers at once. */
const connectTimeoutMs = 5_000;

/** Adds the options by which a verb finds its coordinator. */
export function withPlaceOptions(command: Command): Command {
  return command
    .option(
      "--coordinator <host:port,...>",
      "the coordinators, the first that answers is asked (FLEETSWEEP_COORDINATOR)",
    )
    .option("--credentials <dir>", "an operator's credentials (FLEETSWEEP_CREDENTIALS)")
    .option("--state <dir>", "state directory of a local `up` (FLEETSWEEP_STATE)");
}

/** Connects to the coordinator that the options name, runs the work, and closes the connection. */
export async function withOperator<Result>(
  io: Io,
  options: PlaceOptions,
  work: (operator: Operator) => Promise<Result>,
): Promise<Result> {
  const addresses = await coordinatorAddresses(io, options);
  const trust = await findCredentials(io, options, addresses);
  return await withOperatorAmong({ addresses, trust }, io.signal, work);
}

/** Where a coordinator listens, and how to speak to it: null for in the clear. */
export interface CoordinatorPlace {
  readonly address: string;
  readonly trust: Trust | null;
}

/** @throws FleetsweepError link.unavailable where nothing answers at the address. */
export async function withOperatorAt<Result>(
  { address, trust }: CoordinatorPlace,
  signal: AbortSignal,
  work: (operator: Operator) => Promise<Result>,
): Promise<Result> {
  return await withOperatorAmong({ addresses: [address], trust }, signal, work);
}

/** Coordinators of one log: any of them knows the same. */
interface CoordinatorPlaces {
  readonly addresses: readonly string[];
  readonly trust: Trust | null;
}

async function withOperatorAmong<Result>(
  places: CoordinatorPlaces,
  signal: AbortSignal,
  work: (operator: Operator) => Promise<Result>,
): Promise<Result> {
  const operator = new Operator(places, await connectToFirst(places), signal);
  try {
    return await work(operator);
  } finally {
    operator.close();
  }
}

interface Connection {
  readonly address: string;
  readonly client: OperatorServiceClient;
}

/** Whether a failure is that nobody answers, which another address or a later try may mend. */
export function isLinkAway(error: unknown): boolean {
  return error instanceof FleetsweepError && error.code === "link.unavailable";
}

/** The address of the coordinator that answers now, as {@link Operator.redial} finds it; null where none does. */
export async function tryRedial(operator: Pick<Operator, "redial">): Promise<string | null> {
  try {
    return await operator.redial();
  } catch (error) {
    if (isLinkAway(error)) return null;
    throw error;
  }
}

/** @throws FleetsweepError link.unavailable where none answers. */
async function connectToFirst({ addresses, trust }: CoordinatorPlaces): Promise<Connection> {
  const { OperatorService } = loadServices();
  for (const [index, address] of addresses.entries()) {
    const client = new OperatorService(address, channelCredentials(trust), channelOptions);
    try {
      await ready(client, { address, trust }, index < addresses.length - 1);
      return { address, client };
    } catch (error) {
      client.close();
      if (!isLinkAway(error) || addresses.length === 1) throw error;
    }
  }
  throw new FleetsweepError(
    "link.unavailable",
    `no coordinator answers at ${addresses.join(", ")}`,
  );
}

type Answer<Response> = (error: ServiceError | null, response?: Response) => void;

/** The operator's calls as promises that fail with catalogue errors. */
export class Operator {
  readonly #places: CoordinatorPlaces;
  readonly #signal: AbortSignal;
  #connection: Connection;

  constructor(places: CoordinatorPlaces, connection: Connection, signal: AbortSignal) {
    this.#places = places;
    this.#connection = connection;
    this.#signal = signal;
  }

  /**
   * Leaves a coordinator that went away for the first of the others that answers, or for the same one once
   * it is back; returns the address. @throws FleetsweepError link.unavailable where none answers.
   */
  async redial(): Promise<string> {
    const { addresses, trust } = this.#places;
    const next = addresses.indexOf(this.#connection.address) + 1;
    const inTurn = [...addresses.slice(next), ...addresses.slice(0, next)];
    const connection = await connectToFirst({ addresses: inTurn, trust });
    this.close();
    this.#connection = connection;
    return connection.address;
  }

  close(): void {
    this.#connection.client.close();
  }

  /** `operator.ask((client, limits, answer) => client.listSweeps({}, limits, answer))` */
  async ask<Response>(
    call: (
      client: OperatorServiceClient,
      limits: { deadline: number },
      answer: Answer<Response>,
    ) => unknown,
  ): Promise<Response> {
    return await new Promise((resolve, reject) => {
      const limits = { deadline: Date.now() + callTimeoutMs };
      call(this.#connection.client, limits, (error, response) => {
        if (error !== null) reject(fromStatus(error));
        else if (response !== undefined) resolve(response);
      });
    });
  }

  /**
   * The messages of a server stream; leaving the loop, or the signal, ends the call.
   * @throws FleetsweepError what the coordinator answers, link.unavailable where it goes away.
   */
  async *stream<Response>(
    open: (client: OperatorServiceClient) => ClientReadableStream<Response>,
  ): AsyncGenerator<Response> {
    const call = open(this.#connection.client);
    const hangUp = () => call.cancel();
    this.#signal.addEventListener("abort", hangUp, { once: true });
    try {
      yield* receive<Response>(call);
    } catch (error) {
      throw fromStatus(error);
    } finally {
      this.#signal.removeEventListener("abort", hangUp);
      // Who leaves the loop early listens no longer, and an error that nobody hears ends the program.
      call.on("error", () => {});
      call.cancel();
    }
  }
}

/** With others to turn to, an address that refuses is left at once; the last may be on its way up. */
async function ready(
  client: OperatorServiceClient,
  { address, trust }: CoordinatorPlace,
  hasOthers: boolean,
): Promise<void> {
  const deadline = Date.now() + connectTimeoutMs;
  const look = (): connectivityState => client.getChannel().getConnectivityState(true);
  for (let state = look(); state !== connectivityState.READY; state = look()) {
    const isRefused = hasOthers && state === connectivityState.TRANSIENT_FAILURE;
    if (!isRefused && (await hasChanged(client, state, deadline))) continue;
    const how = trust === null ? "without certificates" : "that trusts these credentials";
    throw new FleetsweepError("link.unavailable", `no coordinator answers at ${address} ${how}`);
  }
}

/** False where the channel is in that state still at the deadline. */
async function hasChanged(
  client: OperatorServiceClient,
  state: connectivityState,
  deadline: number,
): Promise<boolean> {
  return await new Promise((resolve) =>
    client
      .getChannel()
      .watchConnectivityState(state, deadline, (error) => resolve(error === undefined)),
  );
}
