const radiansPerDegree = Math.PI / 180

/**
 * Sine of an angle in degrees by additions and multiplications alone, within 1e-7: Math.sin differs in the last bit
 * between machines, and what a lock says is compared byte by byte.
 */
export function sineOf(degrees: number): number {
  const turned = degrees - 360 * Math.floor((degrees + 180) / 360)
  const folded = turned > 90 ? 180 - turned : turned < -90 ? -180 - turned : turned
  const x = folded * radiansPerDegree
  const y = x * x
  return x * (1 - (y / 6) * (1 - (y / 20) * (1 - (y / 42) * (1 - (y / 72) * (1 - y / 110)))))
}

export const cosineOf = (degrees: number): number => sineOf(degrees + 90)
