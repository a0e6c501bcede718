/** A random factor of mean 1 as a few values with weights that sum to 1. */
export interface GammaFactors {
  readonly factors: readonly number[]
  readonly weights: readonly number[]
}

export const poisson: GammaFactors = { factors: [1], weights: [1] }
const pointCount = 5
/** Above it a negative binomial cannot be told from a Poisson. */
const almostPoissonK = 200
const leastK = 0.1
const sweeps = 12

/**
 * Five Gauss points of a gamma of mean 1 and shape k (generalised Gauss-Laguerre by the eigenvalues of the Jacobi
 * matrix, Golub & Welsch 1969): exact for polynomials up to degree 9. k is held within 0.1 … 200.
 */
export function gammaFactors(k: number): GammaFactors {
  if (!(k < almostPoissonK)) return poisson
  const shape = Math.max(leastK, k)
  const matrix = Array.from({ length: pointCount }, (_, row) =>
    Array.from({ length: pointCount }, (__, column) => {
      if (row === column) return 2 * row + shape
      if (Math.abs(row - column) !== 1) return 0
      const n = Math.max(row, column)
      return Math.sqrt(n * (n + shape - 1))
    }),
  )
  const { values, firstComponents } = eigen(matrix)
  return { factors: values.map((value) => value / shape), weights: firstComponents.map((v) => v * v) }
}

/** Eigenvalues of a small symmetric matrix, and the first component of each vector (cyclic Jacobi rotations). */
function eigen(a: number[][]): { readonly values: number[]; readonly firstComponents: number[] } {
  const n = a.length
  const first: number[] = Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 0))
  const get = (i: number, j: number) => a[i]?.[j] as number
  const set = (i: number, j: number, value: number) => {
    const row = a[i] as number[]
    row[j] = value
  }
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(get(p, q)) < 1e-300) continue
        const theta = (get(q, q) - get(p, p)) / (2 * get(p, q))
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let i = 0; i < n; i++) {
          const [ip, iq] = [get(i, p), get(i, q)]
          set(i, p, c * ip - s * iq)
          set(i, q, s * ip + c * iq)
        }
        for (let i = 0; i < n; i++) {
          const [pi, qi] = [get(p, i), get(q, i)]
          set(p, i, c * pi - s * qi)
          set(q, i, s * pi + c * qi)
        }
        const [fp, fq] = [first[p] as number, first[q] as number]
        first[p] = c * fp - s * fq
        first[q] = s * fp + c * fq
      }
    }
  }
  return { values: a.map((_, i) => get(i, i)), firstComponents: first }
}
