import { Type } from 'typebox'

const Lon = Type.Number({ minimum: -180, maximum: 180 })
/** The end of Web Mercator. */
const Lat = Type.Number({ minimum: -85.06, maximum: 85.06 })

/**
 * What a desk looks at, said as JSON text on /v1/staff/live after its opening and after each move of its map. Before the
 * first one, and after one of `null`, no frames come. `follow`: the slot of one bike that is told of wherever it is.
 */
export const FleetView = Type.Object(
  {
    view: Type.Union([
      Type.Null(),
      Type.Object(
        {
          /** west, south, east, north in degrees */
          box: Type.Tuple([Lon, Lat, Lon, Lat]),
          zoom: Type.Number({ minimum: 0, maximum: 24 }),
          follow: Type.Union([Type.Integer({ minimum: 0, maximum: 4_294_967_295 }), Type.Null()]),
        },
        { additionalProperties: false },
      ),
    ]),
  },
  { additionalProperties: false },
)
export type FleetView = Type.Static<typeof FleetView>
export type LookedAt = NonNullable<FleetView['view']>
