#!/usr/bin/env node
import { nodeIo } from "../shared/cli/node-io.ts";
import { runCli } from "../shared/cli/run-cli.ts";
import { commands } from "./cli/registry.ts";

const description = "Measures how inference scales over cores, NUMA nodes and sockets of a fleet.";
await runCli({ description, commands }, process.argv.slice(2), nodeIo(process));
