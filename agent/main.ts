#!/usr/bin/env node
import { nodeIo } from "../shared/cli/node-io.ts";
import { runCli } from "../shared/cli/run-cli.ts";
import { commands } from "./cli/registry.ts";

const description = "The agent of one host: says what the host is, and measures on it.";
await runCli({ description, commands }, process.argv.slice(2), nodeIo(process));
