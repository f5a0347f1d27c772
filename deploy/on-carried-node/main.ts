import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchNodeRuntime, nodeRuntime } from "../package/node-runtime.ts";

/**
 * Runs a command with another Node first on its PATH, so that npm and every program of ours take it: the one that the
 * packages carry, or with `--release 22.20.0` another of its kind, which npm alone then vouches for.
 *
 * usage: npm run on-carried-node -- [--release VERSION] COMMAND …
 *
 * Exit codes: those of the command; 2 the words are wrong.
 */
const project = fileURLToPath(new URL("../..", import.meta.url));

function fail(message: string): never {
  process.stderr.write(`on-carried-node: ${message}\n`);
  process.exit(2);
}

const words = process.argv.slice(2);
const isOther = words[0] === "--release";
const [version = ""] = isOther ? words.splice(0, 2).slice(1) : [nodeRuntime.version];
if (!/^\d+\.\d+\.\d+$/.test(version)) fail(`"${version}" is no version such as 22.20.0`);
const [command, ...rest] = words;
if (command === undefined) fail("no command, such as: npm test");

const wanted = isOther ? { ...nodeRuntime, version, integrity: null } : nodeRuntime;
const runtime = await fetchNodeRuntime(join(project, "node_modules/.cache/fleetsweep"), wanted);
const path = [join(runtime, "bin"), process.env["PATH"]].join(delimiter);
process.stderr.write(`with Node ${version}: ${words.join(" ")}\n`);
const { status, error } = spawnSync(command, rest, {
  cwd: process.cwd(),
  env: { ...process.env, PATH: path },
  stdio: "inherit",
});
if (error !== undefined) fail(`${command}: ${error.message}`);
process.exitCode = status ?? 1;
