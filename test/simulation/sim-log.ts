import { busLimits } from "../../shared/bus/bus-limits.ts";
import type { Log } from "../../shared/bus/log.ts";
import { encodeEvent } from "../../shared/bus/log-codec.ts";
import type { PullOptions, StreamMessage } from "../../shared/bus/nats-pull.ts";
import { readStream } from "../../shared/bus/nats-reader.ts";
import type { PeerChannel } from "../../shared/bus/peer-channel.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { Chance } from "./chance.ts";
import { type Network, Pipe } from "./network.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimLogServer } from "./sim-log-server.ts";
import type { Place } from "./sim-stream.ts";

export interface BusWeather {
  /** Share of appends that arrive twice, the second time up to `lateMs` after the first. */
  readonly repeatShare: number;
  /** Share of appends that arrive after their sender has given up. */
  readonly lateShare: number;
  readonly lateMs: number;
}

export interface SimBus {
  readonly server: SimLogServer;
  readonly network: Network;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  weather: BusWeather;
}

/** A lost connection shows after this many unanswered pings. */
const noticeMs = busLimits.pingIntervalMs * busLimits.pingsUnanswered;

/** The log as one program sees it: the real codec and the real reader, over the simulated network. */
export function simLog(bus: SimBus, place: Place): Log {
  const { clock } = place.process;
  const ask = <Value>(answer: () => Value) => request(bus, place, answer);
  const appendEncoded: Log["appendEncoded"] = async (message, { messageId, signal }) => {
    signal?.throwIfAborted();
    return await ask(() => bus.server.append(message, messageId));
  };
  return {
    append: async (event, options) => await appendEncoded(encodeEvent(event), options),
    appendEncoded,
    head: () => ask(() => bus.server.head()),
    read: (options) =>
      readStream(
        {
          ready: () => Promise.resolve(),
          head: () => ask(() => bus.server.head()),
          pull: (from) => pull(bus, place, from),
          trouble: () => {},
          random: bus.chance.unit,
          pause: clock.pause,
        },
        options,
      ),
    close: () => Promise.resolve(),
  };
}

/** Words between coordinators: each may be lost, and overtake another. */
export function simPeerChannel({ server, network }: SimBus, { process, host }: Place): PeerChannel {
  return {
    tell: (text) => network.send(host, server.host, () => server.spread(text)),
    hear: (listener) => {
      const stop = server.listen((text) =>
        network.send(server.host, host, () => process.deliver(() => listener(text))),
      );
      process.onKilled(stop);
      return stop;
    },
  };
}

/** A question and its answer, each of which may be lost; whether it was carried out is not known then. */
function request<Value>(bus: SimBus, place: Place, answer: () => Value): Promise<Value> {
  const { server, network, scheduler, chance, weather } = bus;
  return new Promise((resolve, reject) => {
    const timer = place.process.after(busLimits.appendTimeoutMs, () =>
      reject(new FleetsweepError("bus.unavailable", "no answer came")),
    );
    const arrive = (): void => {
      if (!server.up) return;
      const value = answer();
      network.send(server.host, place.host, () =>
        place.process.deliver(() => {
          timer.cancel();
          resolve(value);
        }),
      );
    };
    if (!network.reaches(place.host, server.host)) return;
    const late = chance.odds(weather.lateShare) ? chance.between(0, weather.lateMs) : 0;
    scheduler.after(network.delayMs() + late, arrive);
    if (chance.odds(weather.repeatShare)) {
      scheduler.after(network.delayMs() + chance.between(0, weather.lateMs), arrive);
    }
  });
}

/** What the server sends until anything is doubtful; then it throws. */
async function* pull(
  bus: SimBus,
  place: Place,
  { fromSeq, signal, standing }: PullOptions,
): AsyncGenerator<StreamMessage> {
  const { server, network, scheduler } = bus;
  const received: StreamMessage[] = [];
  let failed = false;
  let wake = (): void => {};
  const fail = (): void => {
    failed = true;
    wake();
  };
  const pipe = new Pipe<StreamMessage>({ network, scheduler }, [server.host, place.host], (one) =>
    place.process.deliver(() => {
      received.push(one);
      wake();
    }),
  );
  await request(bus, place, () => null);
  const unsubscribe = server.subscribe({
    nextSeq: fromSeq,
    deliver: (messages) => messages.forEach((message) => pipe.push(message)),
    lost: () => place.process.after(network.delayMs(), fail),
  });
  const isConnected = (): boolean =>
    network.reaches(server.host, place.host) && network.reaches(place.host, server.host);
  const unwatch = network.onChange(() => {
    pipe.move();
    if (!isConnected()) place.process.after(noticeMs, () => !isConnected() && fail());
  });
  const hangUp = (): void => {
    unsubscribe();
    unwatch();
    pipe.close();
  };
  place.process.onKilled(hangUp);
  signal.addEventListener("abort", fail, { once: true });
  try {
    await standing();
    while (!failed) {
      const next = received.shift();
      if (next !== undefined) yield next;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    throw new FleetsweepError("bus.unavailable", "the connection to the log is lost");
  } finally {
    signal.removeEventListener("abort", fail);
    hangUp();
  }
}
