/** A square matrix, row by row. */
export interface SquareMatrix {
  readonly size: number;
  readonly data: Float64Array;
}

export function makeSquareMatrix(size: number): SquareMatrix {
  return { size, data: new Float64Array(size * size) };
}

/**
 * The lower Cholesky factor L of a symmetric positive definite matrix (only its lower triangle is
 * read), or null where a pivot is not positive. Golub and Van Loan, algorithm 4.2.1.
 */
export function choleskyFactor({ size, data }: SquareMatrix): SquareMatrix | null {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      const rowStart = row * size;
      const columnStart = column * size;
      let sum = at(data, rowStart + column);
      for (let k = 0; k < column; k += 1) {
        sum -= at(factor, rowStart + k) * at(factor, columnStart + k);
      }
      if (row !== column) factor[rowStart + column] = sum / at(factor, columnStart + column);
      else if (sum > 0) factor[rowStart + row] = Math.sqrt(sum);
      else return null;
    }
  }
  return { size, data: factor };
}

/** Solves L·x = b. */
export function solveLower({ size, data }: SquareMatrix, rightSide: Float64Array): Float64Array {
  const solution = new Float64Array(size);
  for (let row = 0; row < size; row += 1) {
    let sum = at(rightSide, row);
    for (let k = 0; k < row; k += 1) sum -= at(data, row * size + k) * at(solution, k);
    solution[row] = sum / at(data, row * size + row);
  }
  return solution;
}

/** Solves Lᵀ·x = b. */
export function solveLowerTransposed(
  { size, data }: SquareMatrix,
  rightSide: Float64Array,
): Float64Array {
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = at(rightSide, row);
    for (let k = row + 1; k < size; k += 1) sum -= at(data, k * size + row) * at(solution, k);
    solution[row] = sum / at(data, row * size + row);
  }
  return solution;
}

/** Solves L·Lᵀ·x = b. */
export function solveFactored(factor: SquareMatrix, rightSide: Float64Array): Float64Array {
  return solveLowerTransposed(factor, solveLower(factor, rightSide));
}

/** (L·Lᵀ)⁻¹, both triangles. */
export function invertFactored(factor: SquareMatrix): SquareMatrix {
  const { size } = factor;
  const lower = invertLower(factor).data;
  const inverse = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = 0;
      for (let k = row; k < size; k += 1) {
        sum += at(lower, k * size + row) * at(lower, k * size + column);
      }
      inverse[row * size + column] = sum;
      inverse[column * size + row] = sum;
    }
  }
  return { size, data: inverse };
}

/** ln det(L·Lᵀ). */
export function logDeterminant({ size, data }: SquareMatrix): number {
  let sum = 0;
  for (let row = 0; row < size; row += 1) sum += Math.log(at(data, row * size + row));
  return 2 * sum;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += at(a, k) * at(b, k);
  return sum;
}

/** Reads an element that the caller's loop bounds guarantee; NaN would show in every result. */
export function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}

function invertLower({ size, data }: SquareMatrix): SquareMatrix {
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column += 1) {
    inverse[column * size + column] = 1 / at(data, column * size + column);
    for (let row = column + 1; row < size; row += 1) {
      let sum = 0;
      for (let k = column; k < row; k += 1) {
        sum -= at(data, row * size + k) * at(inverse, k * size + column);
      }
      inverse[row * size + column] = sum / at(data, row * size + row);
    }
  }
  return { size, data: inverse };
}
