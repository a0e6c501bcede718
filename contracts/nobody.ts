import { asId, type RiderId } from './ids.ts'

/**
 * The rider of trips and payments that are kept without anybody's name: of riders who had themselves deleted, and of rides
 * so long ago that nobody may know any more whose they were. One for all, so that it tells no two of them apart.
 */
export const nobody: RiderId = asId<RiderId>('00000000-0000-7000-8000-000000000000')
