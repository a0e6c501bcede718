import Type, { type Static } from 'typebox'

export const defaultCentre = { lon: 4.726, lat: 52.3585 } as const

const Lon = Type.Number({ minimum: -180, maximum: 180 })
const Lat = Type.Number({ minimum: -90, maximum: 90 })
const Seed = Type.Integer({ minimum: 0, maximum: 4_294_967_295 })
const Version = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const NodeIndex = Type.Integer({ minimum: 0, maximum: 1_000_000 })
const Weight = Type.Number({ minimum: 0, maximum: 1_000_000 })
const Name = Type.String({ minLength: 1, maxLength: 80 })

const LonLat = Type.Tuple([Lon, Lat])
const GeoPoint = Type.Object({ lon: Lon, lat: Lat })

const streetClasses = ['primary', 'secondary', 'residential', 'quay', 'path'] as const
const StreetClass = Type.Enum(streetClasses)

/** One stretch of street between two nodes, open in both directions: [from, to, lengthM, class, nameIndex, isBridge]. */
const StreetEdge = Type.Tuple([
  NodeIndex,
  NodeIndex,
  Type.Number({ minimum: 0, maximum: 20_000 }),
  StreetClass,
  Type.Integer({ minimum: 0, maximum: 100_000 }),
  Type.Union([Type.Literal(0), Type.Literal(1)]),
])

/** `streets.json`: a connected graph that bikes follow; the only way over water is an edge with isBridge = 1. */
export const StreetsFile = Type.Object({
  version: Version,
  seed: Seed,
  origin: GeoPoint,
  nodes: Type.Array(LonLat, { minItems: 2, maxItems: 1_000_000 }),
  edges: Type.Array(StreetEdge, { minItems: 1, maxItems: 2_000_000 }),
  names: Type.Array(Name, { minItems: 1, maxItems: 100_000 }),
})

const leisureKinds = [
  'station',
  'university',
  'museum',
  'library',
  'townhall',
  'market',
  'shops',
  'park',
  'theatre',
  'hospital',
  'stadium',
  'marina',
] as const
const LeisureKind = Type.Enum(leisureKinds)

const NamedPlace = Type.Object({
  name: Name,
  kind: LeisureKind,
  lon: Lon,
  lat: Lat,
  nodeIndex: NodeIndex,
  weight: Weight,
})

/** A good spot for bikes to wait for riders; lon and lat are those of the street node. */
const HotspotSuggestion = Type.Object({
  name: Name,
  lon: Lon,
  lat: Lat,
  nodeIndex: NodeIndex,
  capacity: Type.Integer({ minimum: 1, maximum: 500 }),
})

/** Where people start or end: [node, weight]; weights of one list add up to about the number of people. */
const WeightedNode = Type.Tuple([NodeIndex, Weight])

const PolygonGeometry = Type.Object({
  type: Type.Literal('Polygon'),
  coordinates: Type.Array(Type.Array(LonLat, { minItems: 4, maxItems: 2_000 }), { minItems: 1, maxItems: 1 }),
})

/** `places.json`: who lives, works and goes out where, for the simulator. */
export const PlacesFile = Type.Object({
  version: Version,
  seed: Seed,
  centre: GeoPoint,
  homes: Type.Array(WeightedNode, { minItems: 1, maxItems: 1_000_000 }),
  work: Type.Array(WeightedNode, { minItems: 1, maxItems: 1_000_000 }),
  leisure: Type.Array(NamedPlace, { minItems: 1, maxItems: 1_000 }),
  hotspots: Type.Array(HotspotSuggestion, { minItems: 1, maxItems: 1_000 }),
  neighbourhoods: Type.Array(Type.Object({ name: Name, lon: Lon, lat: Lat }), { minItems: 1, maxItems: 1_000 }),
  serviceArea: PolygonGeometry,
})

/** `city.json`: what the maps need to know before the first tile. */
export const CityFile = Type.Object({
  name: Name,
  seed: Seed,
  generatorVersion: Version,
  radiusM: Type.Number({ minimum: 500, maximum: 20_000 }),
  bbox: Type.Tuple([Lon, Lat, Lon, Lat]),
  centre: GeoPoint,
  timeZone: Type.Literal('Europe/Amsterdam'),
  minZoom: Type.Integer({ minimum: 0, maximum: 22 }),
  maxZoom: Type.Integer({ minimum: 0, maximum: 22 }),
})

/** `tiles/index.json`: where each tile lies in `tiles/tiles.bin`, keyed `z/x/y`: [offset, length] in bytes. */
export const TileIndexFile = Type.Object({
  version: Version,
  encoding: Type.Literal('gzip'),
  tiles: Type.Record(
    Type.String({ pattern: '^\\d{1,2}/\\d{1,7}/\\d{1,7}$' }),
    Type.Tuple([Type.Integer({ minimum: 0 }), Type.Integer({ minimum: 1, maximum: 10_000_000 })]),
  ),
})

export type StreetClass = Static<typeof StreetClass>
export type StreetEdge = Static<typeof StreetEdge>
export type StreetsFile = Static<typeof StreetsFile>
export type LeisureKind = (typeof leisureKinds)[number]
export type NamedPlace = Static<typeof NamedPlace>
export type HotspotSuggestion = Static<typeof HotspotSuggestion>
export type PlacesFile = Static<typeof PlacesFile>
export type CityFile = Static<typeof CityFile>
export type TileIndexFile = Static<typeof TileIndexFile>
