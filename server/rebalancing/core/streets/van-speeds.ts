/**
 * Average speeds of a bike van in town at night, km/h, waiting at crossings included (ways have no turn costs of their
 * own). Rule: 0.7 of the usual limit of the class (50 km/h in town, 30 in residential streets, 60 to 100 on roads without
 * crossings 0.8); OSRM's car profile takes 0.8 of a limit and adds the cost of turns. A limit on a sign lowers a class's speed.
 */
export const osmClassKmh: ReadonlyMap<string, number> = new Map([
  ['motorway', 80],
  ['motorway_link', 45],
  ['trunk', 60],
  ['trunk_link', 40],
  ['primary', 35],
  ['primary_link', 28],
  ['secondary', 33],
  ['secondary_link', 26],
  ['tertiary', 30],
  ['tertiary_link', 24],
  ['unclassified', 25],
  ['residential', 21],
  ['living_street', 8],
  ['service', 10],
])

/** How much of a limit a van keeps on average. */
export const shareOfLimit = 0.7

/** The classes of a made city; a path is for feet: a van takes it only where nothing else leads, at walking pace. */
export const cityClassKmh = { primary: 35, secondary: 33, residential: 21, quay: 15, path: 3 } as const

/** From a place to its street: rolling over a yard or pushing bikes by hand, both at walking pace. */
export const offStreetMetresPerSecond = 1.4

/** Roads are longer than the straight line by this: median of 214 bike stations in Oslo, shortest ways, OpenStreetMap. */
export const detourFactor = 1.33
/**
 * Metres of such a way per second: makes the median time between the same stations that of the fastest ways by the
 * speeds above (7.6 m/s on ways that are 1.43 times the straight line, for a van goes round by the larger streets).
 */
export const townMetresPerSecond = 7
