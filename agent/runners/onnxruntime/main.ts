import { serve } from "../kit/serve.ts";
import { loadOnnx } from "./workload.ts";

await serve(
  {
    input: process.stdin,
    write: (line) => process.stdout.write(line),
    nowNs: () => process.hrtime.bigint(),
    exit: (code) => process.exit(code),
  },
  loadOnnx,
);
