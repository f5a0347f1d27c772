import type { Chance } from "./chance.ts";
import type { Scheduler } from "./scheduler.ts";

export interface NetworkWeather {
  readonly minMs: number;
  readonly maxMs: number;
  /** Share of packets that take up to `slowMs` instead. */
  readonly slowShare: number;
  readonly slowMs: number;
}

/** Which host reaches which, and how long that takes. Each direction is cut by itself. */
export class Network {
  weather: NetworkWeather;
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #cuts = new Set<string>();
  readonly #onChange = new Set<() => void>();

  constructor(scheduler: Scheduler, chance: Chance, weather: NetworkWeather) {
    this.#scheduler = scheduler;
    this.#chance = chance;
    this.weather = weather;
  }

  cut(from: string, to: string): void {
    this.#cuts.add(`${from}>${to}`);
    for (const told of this.#onChange) told();
  }

  heal(from: string, to: string): void {
    this.#cuts.delete(`${from}>${to}`);
    for (const told of this.#onChange) told();
  }

  healAll(): void {
    this.#cuts.clear();
    for (const told of this.#onChange) told();
  }

  reaches(from: string, to: string): boolean {
    return !this.#cuts.has(`${from}>${to}`);
  }

  /** Calls `told` after every change; returns how to stop that. */
  onChange(told: () => void): () => void {
    this.#onChange.add(told);
    return () => this.#onChange.delete(told);
  }

  delayMs(): number {
    const { minMs, maxMs, slowShare, slowMs } = this.weather;
    if (slowShare > 0 && this.#chance.odds(slowShare)) return this.#chance.between(maxMs, slowMs);
    return this.#chance.between(minMs, maxMs);
  }

  /** One packet that is lost where the way is cut, and may overtake another. */
  send(from: string, to: string, arrive: () => void): void {
    if (!this.reaches(from, to)) return;
    this.#scheduler.after(this.delayMs(), arrive);
  }
}

/** One direction of a connection: in order, each message once, held up while the way is cut. */
export class Pipe<Message> {
  readonly #network: Network;
  readonly #scheduler: Scheduler;
  readonly #way: readonly [from: string, to: string];
  readonly #arrive: (message: Message) => void;
  readonly #waiting: Message[] = [];
  #moving = false;
  #closed = false;

  constructor(
    deps: { network: Network; scheduler: Scheduler },
    way: readonly [from: string, to: string],
    arrive: (message: Message) => void,
  ) {
    this.#network = deps.network;
    this.#scheduler = deps.scheduler;
    this.#way = way;
    this.#arrive = arrive;
  }

  get queued(): number {
    return this.#waiting.length;
  }

  push(message: Message): void {
    this.#waiting.push(message);
    this.move();
  }

  /** Goes on after the way was healed. */
  move(): void {
    if (this.#moving || this.#closed || this.#waiting.length === 0) return;
    if (!this.#network.reaches(...this.#way)) return;
    this.#moving = true;
    this.#scheduler.after(this.#network.delayMs(), () => this.#land());
  }

  close(): void {
    this.#closed = true;
  }

  /** Everything that had been sent by now arrives together, in order. */
  #land(): void {
    this.#moving = false;
    if (this.#closed) return;
    if (!this.#network.reaches(...this.#way)) return;
    for (const message of this.#waiting.splice(0)) {
      this.#arrive(message);
      if (this.#closed) return;
    }
  }
}
