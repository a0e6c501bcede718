/** What the map shows of a bike: order is drawing order, the last is drawn on top. No schema library here: browsers load this. */
export const bikeStates = [
  'available',
  'out_of_service',
  'silent',
  'with_crew',
  'unlocking',
  'riding',
  'paused',
  'low_battery',
  'alarm',
] as const
export type BikeState = (typeof bikeStates)[number]
