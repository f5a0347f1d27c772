import type { Reporter, TestModule } from "vitest/node";

/** How many tests of a run ended in which way. */
interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Ends a run with `tests: N passed, N failed, N skipped` alone on a line, in the form that scripts
 * and CI read from any language's test runner. A file that could not be loaded and an error outside
 * every test count as one failed test each, so that a broken run never shows 0 failed.
 */
export class TallyReporter implements Reporter {
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const { passed, failed, skipped } = tally(modules, unhandledErrors.length);
    this.#print(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}

function tally(modules: readonly TestModule[], unhandledErrors: number): Tally {
  const total: Tally = { passed: 0, failed: unhandledErrors, skipped: 0 };
  for (const module of modules) {
    const before = total.failed;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") total.passed += 1;
      else if (state === "skipped") total.skipped += 1;
      else total.failed += 1; // A test that is still pending never came to its end.
    }
    if (total.failed === before && module.state() === "failed") total.failed += 1;
  }
  return total;
}
