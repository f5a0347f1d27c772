import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way between two programs that can be cut, or go silent without an end. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection, and refuses new ones until `heal`. */
  cut(): void;
  /** Lets nothing through any more, and says so to nobody. */
  silence(): void;
  heal(): void;
  close(): Promise<void>;
}

/**
 * Forwards connections to the port that `target` names at that moment, as a common name of several
 * servers would.
 */
export async function startProxy(target: () => number, host = "127.0.0.1"): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: "open" | "cut" | "silent" = "open";
  const server = createServer((near) => {
    if (state === "cut") {
      near.destroy();
      return;
    }
    const far = connect(target(), "127.0.0.1");
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) socket.on("error", end).on("close", end);
    if (state === "open") join(pair);
  });
  server.listen(0, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = "cut";
      for (const [near] of pairs) near.destroy();
    },
    silence() {
      state = "silent";
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    heal() {
      state = "open";
      for (const pair of pairs) join(pair);
    },
    close: () => closeServer(server, pairs),
  };
}

function join([near, far]: readonly [Socket, Socket]): void {
  near.pipe(far);
  far.pipe(near);
}

async function closeServer(
  server: Server,
  pairs: ReadonlySet<readonly [Socket, Socket]>,
): Promise<void> {
  for (const [near, far] of pairs) {
    near.destroy();
    far.destroy();
  }
  server.close();
  await once(server, "close");
}
