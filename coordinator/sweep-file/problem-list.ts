import type { Problem } from "./problem.ts";
import type { DocumentPath, YamlFile } from "./read-yaml.ts";

/**
 * Places are looked up for so many problems and no more, for a look-up walks the document: thousands
 * of unknown keys would take minutes. More are counted.
 */
const maxPlaced = 200;

/** Gathers problems by the part of the document that they are about. */
export class ProblemList {
  readonly #file: YamlFile;
  readonly #problems: Problem[] = [];
  #count = 0;

  constructor(file: YamlFile) {
    this.#file = file;
  }

  /** All problems, those beyond {@link maxPlaced} included. */
  get count(): number {
    return this.#count;
  }

  get list(): readonly Problem[] {
    return this.#problems;
  }

  /** About a value. */
  at(path: DocumentPath, message: string, hint?: string): void {
    if (this.#isFull()) return;
    const { start, end } = this.#file.placeOf(path);
    this.#add(start, end, message, hint);
  }

  /** About a key. */
  atKey(
    path: DocumentPath,
    key: string,
    about: { message: string; hint: string | undefined },
  ): void {
    if (this.#isFull()) return;
    const { start, end } = this.#file.placeOfKey(path, key);
    this.#add(start, end, about.message, about.hint);
  }

  /** About a part of a one-line text value. */
  within(
    path: DocumentPath,
    offset: number,
    about: { message: string; hint?: string | undefined; length?: number },
  ): void {
    if (this.#isFull()) return;
    const { textStart, end } = this.#file.placeOf(path);
    const start = Math.min(textStart + offset, Math.max(textStart, end - 1));
    this.#add(start, start + (about.length ?? 1), about.message, about.hint);
  }

  /** Counts one more problem, and says whether its place is no longer looked up. */
  #isFull(): boolean {
    this.#count += 1;
    return this.#count > maxPlaced;
  }

  #add(start: number, end: number, message: string, hint: string | undefined): void {
    const problem = { start, end, message };
    this.#problems.push(hint === undefined ? problem : { ...problem, hint });
  }
}
