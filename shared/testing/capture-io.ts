import type { Io } from "../cli/command.ts";

export interface CapturedRun {
  out: string;
  talk: string;
  code: number;
}

/** A terminal of 80 columns whose output a test can read. */
export function captureIo(overrides: Partial<Io> = {}): { io: Io; result: CapturedRun } {
  const result = { out: "", talk: "", code: 0 };
  const io: Io = {
    out: (text) => {
      result.out += text;
    },
    talk: (text) => {
      result.talk += text;
    },
    env: {},
    cwd: "/",
    columns: 80,
    stdoutIsTty: true,
    stderrIsTty: true,
    node: { pid: 1, execPath: "node", execArgv: [], version: "20.20.2", parentDied: () => false },
    signal: new AbortController().signal,
    inputEnd: () => new AbortController().signal,
    exitWith: (code) => {
      result.code = code;
    },
    ...overrides,
  };
  return { io, result };
}
