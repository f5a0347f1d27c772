import { Duplex } from "node:stream";
import type { LinkStream } from "../../agent/link/dial.ts";
import type { AttachRequest } from "../../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type { AttachResponse } from "../../proto/gen/fleetsweep/v1/AttachResponse.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { loadServices } from "../../shared/rpc/load-proto.ts";
import { channelOptions } from "../../shared/rpc/protocol.ts";
import { isServiceError, toStatus } from "../../shared/rpc/status.ts";
import { type Network, Pipe } from "./network.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimProcess } from "./sim-process.ts";

/** The server's end of a stream, as far as the coordinator's handler looks at a gRPC call. */
export interface SimCall extends Duplex {
  cancelled: boolean;
  getPeer(): string;
}

/** A program on its host, for the network. */
export interface Place {
  readonly process: SimProcess;
  readonly host: string;
}

type Packet = { readonly bytes: Buffer } | { readonly end: Error | null };
type Write = (chunks: { chunk: unknown }[], done: () => void) => void;

/** A dead peer shows after gRPC's keepalive: its interval and its timeout together. */
const keepaliveMs =
  channelOptions["grpc.keepalive_time_ms"] + channelOptions["grpc.keepalive_timeout_ms"];

const { Attach } = loadServices().AgentLinkService.service;

/**
 * A gRPC stream between two simulated programs: real messages in the real encoding, real stream objects
 * at both ends, with what TCP promises and no more. It breaks when an end dies, and when a direction
 * stays cut for longer than keepalive waits.
 */
export class SimStream {
  readonly call: SimCall;
  readonly link: LinkStream;
  readonly #client: Duplex;
  readonly #toServer: Pipe<Packet>;
  readonly #toClient: Pipe<Packet>;
  readonly #deps: { network: Network; scheduler: Scheduler };
  readonly #agent: Place;
  readonly #coordinator: Place;
  readonly #unwatch: () => void;
  #clientOpen = true;
  #serverOpen = true;

  constructor(deps: { network: Network; scheduler: Scheduler }, agent: Place, coordinator: Place) {
    this.#deps = deps;
    this.#agent = agent;
    this.#coordinator = coordinator;
    this.#toServer = new Pipe(deps, [agent.host, coordinator.host], (packet) =>
      coordinator.process.deliver(() => this.#atServer(packet)),
    );
    this.#toClient = new Pipe(deps, [coordinator.host, agent.host], (packet) =>
      agent.process.deliver(() => this.#atClient(packet)),
    );
    this.#client = makeEnd((chunks, done) => {
      for (const { chunk } of chunks) {
        this.#toServer.push({ bytes: Attach.requestSerialize(chunk as AttachRequest) });
      }
      done();
    });
    this.link = { call: this.#client, close: () => this.#hangUp() };
    this.call = this.#makeCall();
    this.#unwatch = deps.network.onChange(() => this.#watch());
    agent.process.onKilled(() => this.#toServer.push({ end: null }));
    coordinator.process.onKilled(() => this.#toClient.push({ end: unavailable("reset by peer") }));
  }

  /** Both ends find out, each by itself, that there is no way any more. */
  break(): void {
    this.#unwatch();
    this.#toServer.close();
    this.#toClient.close();
    this.#agent.process.deliver(() => this.#atClient({ end: unavailable("keepalive timed out") }));
    this.#coordinator.process.deliver(() => this.#atServer({ end: null }));
  }

  #makeCall(): SimCall {
    const call = makeEnd((chunks, done) => {
      for (const { chunk } of chunks) {
        this.#toClient.push({ bytes: Attach.responseSerialize(chunk as AttachResponse) });
      }
      done();
    });
    call.on("finish", () => this.#endServer(null));
    call.on("error", (error) => this.#endServer(isServiceError(error) ? error : toStatus(error)));
    return Object.assign(call, { cancelled: false, getPeer: () => this.#agent.host });
  }

  /** The handler is done: its status goes behind everything that it has written. */
  #endServer(status: Error | null): void {
    if (!this.#serverOpen) return;
    this.#serverOpen = false;
    this.#toClient.push({ end: status });
  }

  #atServer(packet: Packet): void {
    if (!this.#serverOpen) return;
    if ("bytes" in packet) {
      this.call.push(Attach.requestDeserialize(packet.bytes));
      return;
    }
    this.#serverOpen = false;
    this.#unwatch();
    this.call.cancelled = true;
    this.call.emit("cancelled", "cancelled");
    this.call.push(null);
  }

  #atClient(packet: Packet): void {
    if (!this.#clientOpen) return;
    if ("bytes" in packet) {
      this.#client.push(Attach.responseDeserialize(packet.bytes));
      return;
    }
    this.#clientOpen = false;
    this.#unwatch();
    if (packet.end === null) this.#client.push(null);
    else this.#client.destroy(packet.end);
  }

  #hangUp(): void {
    this.#toServer.push({ end: null });
    this.#atClient({ end: unavailable("cancelled") });
  }

  #watch(): void {
    this.#toServer.move();
    this.#toClient.move();
    if (this.#connected()) return;
    this.#deps.scheduler.after(keepaliveMs, () => {
      if (!this.#connected()) this.break();
    });
  }

  #connected(): boolean {
    const [agent, coordinator] = [this.#agent.host, this.#coordinator.host];
    const { network } = this.#deps;
    return network.reaches(agent, coordinator) && network.reaches(coordinator, agent);
  }
}

/** A stream to a program that is not there. */
export function refusedStream(agent: SimProcess, delayMs: number): LinkStream {
  const client = makeEnd((_chunks, done) => done());
  const refuse = (): void => {
    client.destroy(unavailable("connection refused"));
  };
  agent.after(delayMs, refuse);
  return { call: client, close: refuse };
}

function makeEnd(write: Write): Duplex {
  const end = new Duplex({ objectMode: true, read() {}, writev: write });
  // Whoever reads sees the error as well; without a listener Node would throw it.
  end.on("error", () => {});
  return end;
}

function unavailable(details: string): Error {
  return toStatus(new FleetsweepError("link.unavailable", details));
}
