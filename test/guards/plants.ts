/** A file that breaks one rule, or with `rule: null` one that looks like it and breaks none. */
export interface Plant {
  readonly says: string;
  readonly path: string;
  readonly source: string;
  readonly rule: string | null;
}

const imports = "eslint(no-restricted-imports)";
const globals = "eslint(no-restricted-globals)";

function importing(path: string, specifier: string, rule: string | null = imports): Plant {
  const source = `import { x } from "${specifier}";\nexport const y = x;\n`;
  const says = rule === null ? "may import" : "may not import";
  return { says: `${path} ${says} ${specifier}`, path, source, rule };
}

function containing(path: string, source: string, rule: string | null, says: string): Plant {
  return { says, path, source, rule };
}

const pureFolders = [
  "shared/domain",
  "shared/stats",
  "coordinator/logic",
  "coordinator/analysis",
  "coordinator/figures",
  "coordinator/tuner",
  "agent/logic",
];

const pure: readonly Plant[] = pureFolders.flatMap((folder) => [
  importing(`${folder}/a.ts`, "node:fs"),
  importing(`${folder}/a.ts`, "zod"),
  importing(`${folder}/deep/er/a.ts`, "node:fs"),
  ...["rpc", "bus", "runtime", "testing"].flatMap((edge) => [
    importing(
      `${folder}/a.ts`,
      folder.startsWith("shared") ? `../${edge}/b.ts` : `../../shared/${edge}/b.ts`,
    ),
  ]),
  importing(`${folder}/a.ts`, "../../proto/gen/operator.ts"),
  importing(
    `${folder}/a.ts`,
    folder.startsWith("agent") ? "../../coordinator/logic/b.ts" : "../../agent/logic/b.ts",
  ),
  importing(`${folder}/a.ts`, "./b.ts", null),
  importing(`${folder}/a.test.ts`, "node:fs", null),
  ...[
    "Date.now()",
    "new Date()",
    "performance.now()",
    "setTimeout(String, 1)",
    "setInterval(String, 1)",
    "crypto.randomUUID()",
    "Buffer.from([])",
    "process.pid",
    "fetch('x')",
    "globalThis.Date",
  ].map((expression) =>
    containing(
      `${folder}/a.ts`,
      `export const y = ${expression};\n`,
      globals,
      `${folder} is without ${expression}`,
    ),
  ),
  containing(
    `${folder}/a.ts`,
    "export const y = Math.random();\n",
    "eslint(no-restricted-properties)",
    `${folder} is without Math.random`,
  ),
]);

const sides: readonly Plant[] = [
  importing("shared/rpc/a.ts", "../../agent/logic/b.ts"),
  importing("shared/bus/a.ts", "../../coordinator/logic/b.ts"),
  importing("shared/rpc/a.ts", "../domain/b.ts", null),
  importing("shared/rpc/a.ts", "@grpc/grpc-js", null),
  importing("shared/rpc/a.ts", "../../proto/gen/agent_link.ts", null),
  importing("agent/agent.ts", "../coordinator/logic/b.ts"),
  importing("agent/runners/command/a.ts", "../../../coordinator/logic/b.ts"),
  importing("agent/host/a.ts", "../../shared/domain/b.ts", null),
  importing("agent/a.ts", "./host/b.ts", null),
  importing("coordinator/coordinator.ts", "../agent/logic/b.ts"),
  importing("coordinator/cli/commands/a.ts", "../../../agent/x.ts"),
  importing("coordinator/cli/commands/a.ts", "../../agent/x.ts"),
  importing("coordinator/cli/commands/a.ts", "../../report/b.ts", null),
  importing("coordinator/rpc/a.ts", "../../shared/rpc/b.ts", null),
];

const innerEdges: readonly Plant[] = [
  importing("agent/logic/a.ts", "../host/b.ts"),
  importing("agent/logic/a.ts", "../runner/b.ts"),
  importing("agent/logic/a.ts", "../link/b.ts"),
  importing("agent/logic/a.ts", "../agent.ts"),
  importing("coordinator/logic/a.ts", "../store/b.ts"),
  importing("coordinator/logic/a.ts", "../cli/b.ts"),
  importing("coordinator/analysis/a.ts", "../rpc/b.ts"),
  importing("coordinator/analysis/a.ts", "../logic/b.ts", null),
  importing("coordinator/tuner/a.ts", "../report/b.ts"),
  importing("coordinator/figures/a.ts", "../charts/b.ts"),
  importing("coordinator/figures/a.ts", "../store/b.ts"),
  importing("coordinator/figures/a.ts", "../analysis/b.ts", null),
  importing("coordinator/charts/a.ts", "../store/b.ts"),
  importing("coordinator/charts/a.ts", "../figures/b.ts", null),
  importing("coordinator/tuner/a.ts", "../../shared/stats/b.ts", null),
  importing("agent/host/a.ts", "../link/b.ts"),
  importing("agent/host/cpu/a.ts", "../../runner/b.ts"),
  importing("agent/link/a.ts", "../runner/b.ts"),
  importing("agent/link/a.ts", "../host/b.ts"),
  importing("agent/runner/a.ts", "../link/b.ts"),
  importing("agent/knobs/a.ts", "../runner/b.ts"),
  importing("coordinator/store/a.ts", "../rpc/b.ts"),
  importing("coordinator/store/deep/a.ts", "../../rpc/b.ts"),
  importing("coordinator/store/a.ts", "../../shared/rpc/b.ts", null),
  importing("coordinator/rpc/a.ts", "../store/b.ts"),
  importing("coordinator/report/a.ts", "../store/b.ts"),
  importing("coordinator/store/a.ts", "../../shared/testing/b.ts"),
  importing("agent/link/a.ts", "../../shared/testing/b.ts"),
  importing("coordinator/store/a.test.ts", "../../shared/testing/b.ts", null),
];

const lines = (count: number): string => "  total += 1;\n".repeat(count);
const limits: readonly Plant[] = [
  containing(
    "shared/bus/a.ts",
    `export function f(): number {\n  let total = 0;\n${lines(47)}  return total;\n}\n`,
    "eslint(max-lines-per-function)",
    "a function has at most 50 lines",
  ),
  containing(
    "shared/bus/a.ts",
    `export function f(): number {\n  let total = 0;\n${lines(46)}  return total;\n}\n`,
    null,
    "a function may have 50 lines",
  ),
  containing(
    "shared/bus/a.ts",
    "export const a = 1;\n".repeat(1) + "// x\n".repeat(300),
    "eslint(max-lines)",
    "a file has at most 300 lines",
  ),
  containing(
    "shared/bus/a.ts",
    "export const f = (a: number, b: number, c: number, d: number, e: number): number => a + b + c + d + e;\n",
    "eslint(max-params)",
    "a function has at most 4 parameters",
  ),
];

const promise = "async function g(): Promise<void> {}\n";
const safety: readonly Plant[] = [
  containing(
    "shared/bus/a.ts",
    `${promise}export function f(): void {\n  g();\n}\n`,
    "typescript(no-floating-promises)",
    "a promise is not dropped",
  ),
  containing(
    "shared/bus/a.ts",
    `${promise}export async function f(): Promise<void> {\n  await g();\n}\n`,
    null,
    "a promise is awaited",
  ),
  containing(
    "shared/bus/a.ts",
    `${promise}export const f = (on: (listener: () => void) => void): void => on(async () => g());\n`,
    "typescript(no-misused-promises)",
    "a promise is not given to a caller that drops it",
  ),
  containing(
    "shared/bus/a.ts",
    "export const f = (x: any): number => x;\n",
    "typescript(no-explicit-any)",
    "any is not a type",
  ),
  containing(
    "shared/bus/a.ts",
    "export const f = (x: number | null): number => x!;\n",
    "typescript(no-non-null-assertion)",
    "null is not waved away",
  ),
  containing(
    "shared/bus/a.ts",
    'export function f(x: "a" | "b"): number {\n  switch (x) {\n    case "a":\n      return 1;\n  }\n  return 2;\n}\n',
    "typescript(switch-exhaustiveness-check)",
    "a switch names every case",
  ),
  containing(
    "shared/bus/a.ts",
    'export function f(): never {\n  throw "text";\n}\n',
    "typescript(only-throw-error)",
    "only errors are thrown",
  ),
  containing(
    "shared/bus/a.ts",
    "export function f(): void {\n  try {\n    f();\n  } catch {}\n}\n",
    "eslint(no-empty)",
    "a catch is not empty",
  ),
  containing(
    "shared/bus/a.ts",
    "export default 1;\n",
    "import(no-default-export)",
    "nothing is exported as default",
  ),
  containing(
    "shared/bus/BadName.ts",
    "export const a = 1;\n",
    "unicorn(filename-case)",
    "a file's name is in kebab case",
  ),
  containing(
    "shared/bus/a.ts",
    'console.log("x");\nexport const a = 1;\n',
    "eslint(no-console)",
    "nothing writes to the console",
  ),
  containing(
    "shared/bus/a.ts",
    "export const a = process.pid;\n",
    globals,
    "process is read in main.ts and config.ts alone",
  ),
  containing(
    "shared/bus/a.ts",
    'import process from "node:process";\nexport const a = process.pid;\n',
    imports,
    "node:process is no way around that",
  ),
  containing("agent/main.ts", "export const a = process.pid;\n", null, "main.ts reads the process"),
  containing(
    "coordinator/config.ts",
    "export const a = process.env;\n",
    null,
    "config.ts reads the process",
  ),
];

const ring: readonly Plant[] = [
  containing(
    "shared/bus/ring-a.ts",
    'import { b } from "./ring-b.ts";\nexport const a = (): number => b();\n',
    "import(no-cycle)",
    "a file does not import one that imports it",
  ),
  containing(
    "shared/bus/ring-b.ts",
    'import { a } from "./ring-a.ts";\nexport const b = (): number => a();\n',
    "import(no-cycle)",
    "nor the other way round",
  ),
];

export const plants: readonly Plant[] = [
  ...pure,
  ...sides,
  ...innerEdges,
  ...limits,
  ...safety,
  ...ring,
];
